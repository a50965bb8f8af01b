package dev.rekur.server;

import java.time.Duration;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * Requests that have begun when a server is to stop. Jetty lets those finish that are being computed; those whose bodies
 * are still on their way it would cut off together with connections that are idle.
 */
final class RequestsUnderWay {
    /** How long the rest of a request may take once the server is to stop. */
    private static final Duration RECEIVING = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 10;

    private RequestsUnderWay() {}

    /** Refuses new connections, and waits until what has begun is answered, or the time is over. */
    static void await(Server server, Duration most) {
        Duration patience = most.compareTo(RECEIVING) < 0 ? most : RECEIVING;
        for (Connector connector : server.getConnectors()) {
            if (connector instanceof AbstractConnector listener) {
                long usual = listener.getShutdownIdleTimeout();
                listener.setShutdownIdleTimeout(patience.toMillis());
                listener.shutdown();
                listener.setShutdownIdleTimeout(usual);
            }
        }
        GracefulHandler requests = server.getDescendant(GracefulHandler.class);
        long start = System.nanoTime();
        try {
            while (requests.getCurrentRequestCount() > 0 && System.nanoTime() - start < patience.toNanos()) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            // whoever interrupts is in a hurry: go on and stop
            Thread.currentThread().interrupt();
        }
        long left = most.toNanos() - (System.nanoTime() - start);
        server.setStopTimeout(Math.max(1, left / 1_000_000)); // the rest of it is for what is being computed
    }
}
