package dev.rekur.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The page that watches a training, and the stream it is fed by. */
final class WatchEndpoints {
    /** Shorter than what the connection may be idle for; also how soon a page that left is noticed. */
    private static final long COMMENT_MILLIS = 5_000;

    private final WatchFeed feed;

    WatchEndpoints(WatchFeed feed) {
        this.feed = feed;
    }

    void register(RoutesConfig config) {
        Routes routes = new Routes(config);
        Page.style(routes);
        Page.serve(routes, "/", "watch/index.html", Page.HTML);
        Page.serve(routes, "/watch/watch.css", "watch/watch.css", Page.STYLE);
        Page.serve(routes, "/watch/uplot.css", "watch/uplot/uPlot.min.css", Page.STYLE);
        Page.serve(routes, "/watch/uplot.js", "watch/uplot/uPlot.iife.min.js", Page.SCRIPT);
        for (String script : new String[] {"watch.js", "curves.js", "plots.js"}) {
            Page.serve(routes, "/watch/" + script, "watch/" + script, Page.SCRIPT);
        }
        routes.get("/events", this::stream);
    }

    private void stream(Context context) throws IOException {
        requireOwnPage(context);
        context.res().setContentType("text/event-stream; charset=utf-8");
        context.res().setHeader("Cache-Control", "no-store");
        context.res().setHeader("X-Content-Type-Options", "nosniff");
        if (context.method().name().equals("HEAD")) {
            return;
        }
        Optional<WatchFeed.Subscription> subscribed = feed.subscribe();
        if (subscribed.isEmpty()) {
            throw new ApiException(
                    503,
                    "at most " + WatchFeed.PAGES + " pages can watch a training; close one, and load this one anew");
        }
        WatchFeed.Subscription subscription = subscribed.get();
        try {
            OutputStream out = context.res().getOutputStream();
            write(out, "retry: 1000\n\n" + subscription.soFar());
            Optional<String> events = subscription.next(COMMENT_MILLIS);
            while (events.isPresent()) {
                write(out, events.get());
                events = subscription.next(COMMENT_MILLIS);
            }
        } catch (IOException gone) {
            return; // the page was closed, or read nothing for too long
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            feed.unsubscribe(subscription);
        }
    }

    /** A stream holds a thread, so pages of others get none, though their browser would not let them read it. */
    private static void requireOwnPage(Context context) {
        String origin = context.header("Origin");
        String site = context.header("Sec-Fetch-Site");
        boolean foreign = origin != null && !LoopbackGuard.isOwnOrigin(origin, context.header("Host"))
                || site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreign) {
            throw new ApiException(403, "pages of others may not watch this training");
        }
    }

    private static void write(OutputStream out, String events) throws IOException {
        out.write(events.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
