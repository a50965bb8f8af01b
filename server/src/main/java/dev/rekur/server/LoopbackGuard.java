package dev.rekur.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others away from a server on the loopback address, which any page in a browser on this machine can
 * reach: a name that somebody made point here (DNS rebinding) shows in {@code Host}, a page that posts from elsewhere in
 * {@code Origin} or {@code Sec-Fetch-Site}. Clients that are no browser send neither of the latter.
 */
final class LoopbackGuard extends Handler.Wrapper {
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final HttpField TYPE = new HttpField(HttpHeader.CONTENT_TYPE, Answers.JSON);
    private static final HttpField NO_SNIFFING = new HttpField("X-Content-Type-Options", "nosniff");

    private final String bound;

    /** Guards a server that is bound to {@code host}. */
    LoopbackGuard(String host, Handler guarded) {
        super(guarded);
        String lower = host.toLowerCase(Locale.ROOT);
        this.bound = lower.indexOf(':') >= 0 && !lower.startsWith("[") ? "[" + lower + "]" : lower;
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false; // binding will fail and say so
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String reason = reasonToRefuse(request);
        if (reason == null) {
            return super.handle(request, response, callback);
        }
        response.setStatus(403);
        response.getHeaders().put(TYPE);
        response.getHeaders().put(NO_SNIFFING);
        response.write(true, ByteBuffer.wrap(Json.error(reason)), callback);
        return true;
    }

    private @Nullable String reasonToRefuse(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null && !isOwn(host)) {
            return "Host '" + Brief.of(host)
                    + "' is not this server; it listens on the loopback address and answers to "
                    + "localhost, 127.0.0.1 and [::1]";
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            return null;
        }
        String origin = request.getHeaders().get("Origin");
        if (origin != null && !isOwnOrigin(origin, host)) {
            return "Origin '" + Brief.of(origin) + "' is not this server; pages of others may not post to it";
        }
        String site = request.getHeaders().get("Sec-Fetch-Site");
        if (site != null && site.trim().equalsIgnoreCase("cross-site")) {
            return "Sec-Fetch-Site 'cross-site': pages of others may not post to this server";
        }
        return null;
    }

    private boolean isOwn(String host) {
        String name = host.trim().toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        if (colon > name.lastIndexOf(']')) {
            name = name.substring(0, colon);
        }
        return NAMES.contains(name) || name.equals(bound);
    }

    /** Whether a page that was loaded from the address that is posted to sent it. */
    static boolean isOwnOrigin(String origin, @Nullable String host) {
        return host != null && origin.trim().equalsIgnoreCase("http://" + host.trim());
    }
}
