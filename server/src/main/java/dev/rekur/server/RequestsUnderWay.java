package dev.rekur.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/**
 * Knows which requests are still being sent. When a server stops, Jetty lets those finish that are being computed, but
 * cuts off at once, or waits for as long as it may, for those whose bodies are on their way.
 */
final class RequestsUnderWay extends Handler.Wrapper {
    /** How long the rest of a request may take once the server is to stop. */
    private static final Duration RECEIVING = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 10;

    /** Those whose bodies are on their way, each by itself: a connection may carry the next before the one before has ended. */
    private final Set<Received> receiving = ConcurrentHashMap.newKeySet();

    RequestsUnderWay(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getLength() == 0
                || !request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
                        && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return super.handle(request, response, callback);
        }
        Received received = new Received(request);
        receiving.add(received);
        Request.addCompletionListener(request, failure -> receiving.remove(received));
        return super.handle(received, response, callback);
    }

    /** A request that tells when its last part was read. */
    private final class Received extends Request.Wrapper {
        private Received(Request request) {
            super(request);
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast()) {
                receiving.remove(this);
            }
            return chunk;
        }

        private void cutOff() {
            getConnectionMetaData().getConnection().getEndPoint().close();
        }
    }

    /**
     * Refuses new connections, and waits until what clients have begun to send is here. Those that are not done in time are
     * cut off; {@code most} is what stopping may take in all, and the rest of it is left for what is being computed.
     */
    static void await(Server server, Duration most) {
        RequestsUnderWay requests = server.getDescendant(RequestsUnderWay.class);
        Duration patience = most.compareTo(RECEIVING) < 0 ? most : RECEIVING;
        for (Connector connector : server.getConnectors()) {
            if (connector instanceof AbstractConnector listener) {
                long usual = listener.getShutdownIdleTimeout();
                listener.setShutdownIdleTimeout(2 * patience.toMillis());
                listener.shutdown();
                listener.setShutdownIdleTimeout(usual);
            }
        }
        long start = System.nanoTime();
        try {
            while (!requests.receiving.isEmpty() && System.nanoTime() - start < patience.toNanos()) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            // whoever interrupts is in a hurry: go on and stop
            Thread.currentThread().interrupt();
        }
        requests.receiving.forEach(Received::cutOff);
        long left = most.toNanos() - (System.nanoTime() - start);
        server.setStopTimeout(Math.max(1, left / 1_000_000));
    }
}
