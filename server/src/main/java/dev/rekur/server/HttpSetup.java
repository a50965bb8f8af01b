package dev.rekur.server;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets Javalin and Jetty up: a bounded pool, errors in JSON wherever they arise, a stop that lets requests finish. */
final class HttpSetup {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSetup.class);
    private static final int THREADS_KEPT = 8;
    private static final int THREAD_IDLE_MILLIS = 60_000;
    private static final long CONNECTION_IDLE_MILLIS = 30_000;
    /** Keep-alive connections without a request are closed this long after a stop begins. */
    private static final long IDLE_CLOSE_MILLIS = 50;

    /** What is read of a body before a thread is taken; longer ones are read by the thread that answers. */
    private static final long READ_AHEAD_BYTES = 64 << 10;

    private static final int ANY_FRAMING = -1;
    /** So what all clients together can make the server hold is bounded too; more of them wait to be accepted. */
    private static final int CONNECTIONS = 2_048;

    private HttpSetup() {}

    /** The pool that answers requests. Platform threads, bounded: what computes for microseconds gains nothing else. */
    static QueuedThreadPool threads(String name, int most) {
        QueuedThreadPool threads = new QueuedThreadPool(most, Math.min(THREADS_KEPT, most), THREAD_IDLE_MILLIS);
        threads.setName(name);
        return threads;
    }

    /**
     * An application that is not yet started.
     *
     * @param stopTimeout how long stopping waits for requests under way
     * @param signpost where a client that asks for what is not there finds what is
     * @param routes registers the addresses
     */
    static Javalin create(
            String host,
            Duration stopTimeout,
            QueuedThreadPool threads,
            String signpost,
            Consumer<RoutesConfig> routes) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false; // it is a thread
            config.concurrency.useVirtualThreads = false;
            config.http.prefer405over404 = true;
            config.http.compressionStrategy = CompressionStrategy.NONE; // answers are small, or never leave the machine
            config.router.ignoreTrailingSlashes = true;
            config.jetty.threadPool = threads;
            config.jetty.modifyServer(server -> modify(server, host, stopTimeout));
            config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(new JsonErrorPages()));
            config.jetty.modifyHttpConfiguration(http -> {
                http.setIdleTimeout(CONNECTION_IDLE_MILLIS);
                http.setSendServerVersion(false);
            });
            errors(config, signpost);
            routes.accept(config.routes);
        });
    }

    private static void modify(Server server, String host, Duration stopTimeout) {
        server.setStopTimeout(stopTimeout.toMillis());
        server.setErrorHandler(new JsonErrorPages());
        // without it, stop() cuts requests off; Javalin's own StatisticsHandler drains too, at a cost to each request
        GracefulHandler graceful = new GracefulHandler();
        graceful.setShutdownIdleTimeout(IDLE_CLOSE_MILLIS);
        // bodies are read before a thread is taken: a client that stalls holds a buffer, not one of the pool's threads
        EagerContentHandler eager = new EagerContentHandler(
                new EagerContentHandler.RetainedContentLoaderFactory(READ_AHEAD_BYTES, ANY_FRAMING, false));
        graceful.setHandler(
                new RequestsUnderWay(LoopbackGuard.isLoopback(host) ? new LoopbackGuard(host, eager) : eager));
        server.setHandler(graceful);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
    }

    private static void errors(JavalinConfig config, String signpost) {
        config.routes.exception(ApiException.class, (failure, context) -> {
            if (failure.status() >= 500) {
                LOG.warn("answered {}: {}", failure.status(), failure.text());
            }
            Answers.error(context, failure.status(), failure.text());
        });
        config.routes.exception(HttpResponseException.class, (failure, context) -> {
            switch (failure.getStatus()) {
                case 404 ->
                    Answers.error(context, 404, "no such address: " + Brief.of(context.path()) + "; see " + signpost);
                case 405 ->
                    Answers.error(
                            context, 405, "method " + Brief.of(context.method().name()) + " is not allowed here");
                default -> Answers.error(context, failure.getStatus(), String.valueOf(failure.getMessage()));
            }
        });
        config.routes.exception(Exception.class, (failure, context) -> Answers.defect(context, failure));
    }
}
