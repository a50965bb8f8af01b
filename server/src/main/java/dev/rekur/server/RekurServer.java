package dev.rekur.server;

import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves models over HTTP.
 *
 * <pre>{@code
 * try (RekurServer server = RekurServer.builder()
 *         .port(0)
 *         .models(ModelRepository.load(Path.of("models")))
 *         .build()
 *         .start()) {
 *     System.out.println("http://127.0.0.1:" + server.port());
 *     ...
 * }
 * }</pre>
 *
 * <p>Listens on the loopback address unless told otherwise: it asks nobody who they are.
 */
public final class RekurServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RekurServer.class);

    private final Settings settings;
    private final Readiness readiness = new Readiness();
    private final Javalin app;
    private final QueuedThreadPool threads;
    private State state = State.NEW;

    private enum State {
        NEW,
        STARTED,
        STOPPED
    }

    private RekurServer(Settings settings) {
        this.settings = settings;
        this.threads = HttpSetup.threads("rekur-http", settings.threads());
        this.app = HttpSetup.create(
                settings.host(),
                settings.stopTimeout(),
                threads,
                "GET /v1/models",
                new Endpoints(settings, readiness)::register);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds out whether a server could listen on an address, before models are loaded for it, say.
     *
     * @throws IllegalStateException if not; the message says why
     */
    public static void requireAddress(String host, int port) {
        ListenAddress.require(host, port);
    }

    /**
     * Warms the models up, binds the port and begins to answer. A server that was stopped is not started again.
     *
     * @throws IllegalStateException if the port cannot be bound, or the server was started before
     */
    public synchronized RekurServer start() {
        if (state != State.NEW) {
            throw new IllegalStateException("this server was started before; build another");
        }
        ListenAddress.require(settings.host(), settings.port());
        WarmUp.run(settings.models(), settings.reader(), settings.warmUp());
        try {
            app.start(settings.host(), settings.port());
        } catch (RuntimeException failure) {
            state = State.STOPPED;
            app.stop();
            ListenAddress.require(settings.host(), settings.port()); // says so if it was taken meanwhile
            throw new IllegalStateException(
                    "cannot listen on " + settings.host() + ", port " + settings.port() + ": " + failure.getMessage(),
                    failure);
        }
        state = State.STARTED;
        readiness.becomeReady();
        LOG.info(
                "listening on {}, port {}; models {}",
                settings.host(),
                app.port(),
                settings.models().names());
        return this;
    }

    /** The port in use; the one chosen if 0 was asked for. */
    public int port() {
        return app.port();
    }

    /** The address to open in a browser. */
    public String url() {
        String host = settings.host();
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
        return "http://" + (anywhere ? "127.0.0.1" : bareIpv6 ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    /**
     * Drains and stops: readiness answers 503, new connections are taken for {@link Builder#drainDelay} longer so that
     * load balancers notice, requests under way finish, for at most {@link Builder#stopTimeout} (those that clients are
     * still sending for at most five seconds), then the port is free and no thread is left. A shutdown hook calls it; calling it
     * again does nothing.
     */
    public void stop() {
        readiness.beginDraining();
        synchronized (this) {
            if (state != State.STARTED) {
                state = State.STOPPED;
                return;
            }
            pause(settings.drainDelay());
            RequestsUnderWay.await(app.jettyServer().server(), settings.stopTimeout());
            try {
                app.stop();
            } catch (JavalinException late) {
                // whatever outlasted the timeout was cut off; the rest is stopped all the same
                LOG.warn("requests were still under way after {}; they were cut off", settings.stopTimeout());
            }
            joinThreads();
            state = State.STOPPED;
            LOG.info("stopped");
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    private void joinThreads() {
        try {
            threads.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(Duration delay) {
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException interrupted) {
            // whoever interrupts is in a hurry: go on and stop
            Thread.currentThread().interrupt();
        }
    }

    /** Whether load balancers should send requests. */
    static final class Readiness {
        private volatile boolean ready;
        private volatile boolean draining;

        void becomeReady() {
            ready = true;
        }

        void beginDraining() {
            draining = true;
        }

        boolean isReady() {
            return ready && !draining;
        }

        boolean isDraining() {
            return draining;
        }
    }

    /** What a server is made of. */
    record Settings(
            String host,
            int port,
            ModelRepository models,
            int bodyLimit,
            int maxRows,
            int maxElementsPerRow,
            int threads,
            Duration warmUp,
            Duration drainDelay,
            Duration stopTimeout) {
        PredictReader reader() {
            return new PredictReader(bodyLimit, maxRows, maxElementsPerRow);
        }
    }

    /** Collects what a server is made of. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 8080;
        private @Nullable ModelRepository models;
        private int bodyLimit = 4 << 20;
        private int maxRows = 1 << 14;
        private int maxElementsPerRow = 100_000;
        private int threads = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
        private Duration warmUp = Duration.ofSeconds(1);
        private Duration drainDelay = Duration.ZERO;
        private Duration stopTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /** The address to listen on; 127.0.0.1 unless set. */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /** The port to listen on, 0 for any that is free; 8080 unless set. */
        public Builder port(int port) {
            this.port = inRange("port", port, 0, 65_535);
            return this;
        }

        /** What to serve. */
        public Builder models(ModelRepository models) {
            this.models = Objects.requireNonNull(models, "models");
            return this;
        }

        /** What to serve, as {@link ModelRepository#load(Path...)} reads it. */
        public Builder models(Path... paths) {
            return models(ModelRepository.load(paths));
        }

        /** Bytes that the body of a request may have; 4 MiB unless set. */
        public Builder bodyLimit(int bytes) {
            this.bodyLimit = inRange("bodyLimit", bytes, 1, 1 << 30);
            return this;
        }

        /** Rows that one request may have; 16,384 unless set. */
        public Builder maxRows(int rows) {
            this.maxRows = inRange("maxRows", rows, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Elements that one row of an input may have where the model leaves its length open, such as tokens, and
         * characters that the texts of a row may have together; 100,000 unless set. Rows whose length the model fixes
         * are as long as the model wants them.
         */
        public Builder maxElementsPerRow(int elements) {
            this.maxElementsPerRow = inRange("maxElementsPerRow", elements, 1, Integer.MAX_VALUE);
            return this;
        }

        /** Threads that answer requests, at most; four for each processor, and no fewer than 16, unless set. */
        public Builder threads(int threads) {
            this.threads = inRange("threads", threads, 8, 10_000);
            return this;
        }

        /** How long {@link #start} runs the models on examples before it returns; one second for all unless set. */
        public Builder warmUp(Duration duration) {
            this.warmUp = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /** How long {@link #stop} goes on taking connections after readiness answers 503; zero unless set. */
        public Builder drainDelay(Duration delay) {
            this.drainDelay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /** How long {@link #stop} waits for requests under way; 30 seconds unless set. */
        public Builder stopTimeout(Duration timeout) {
            this.stopTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * The server, not yet started.
         *
         * @throws IllegalStateException if no models were given
         */
        public RekurServer build() {
            if (models == null) {
                throw new IllegalStateException("nothing to serve; call models(...) first");
            }
            return new RekurServer(new Settings(
                    host,
                    port,
                    models,
                    bodyLimit,
                    maxRows,
                    maxElementsPerRow,
                    threads,
                    warmUp,
                    drainDelay,
                    stopTimeout));
        }

        private static int inRange(String what, int value, int lowest, int highest) {
            if (value < lowest || value > highest) {
                throw new IllegalArgumentException(
                        what + ": expected a number from " + lowest + " to " + highest + ", found " + value);
            }
            return value;
        }
    }
}
