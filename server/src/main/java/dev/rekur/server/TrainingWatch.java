package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.diagnosis.Finding;
import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how a training goes while it goes, on a page with live curves.
 *
 * <pre>{@code
 * try (TrainingWatch watch = TrainingWatch.start(0)) {
 *     System.out.println(watch.address());
 *     Trainer.of(model).callback(watch).fit(data, epochs(50));
 *     ... // the curves can be looked at until the watch is closed
 * }
 * }</pre>
 *
 * <p>Stands last among the callbacks, to see what they add to an epoch's values. Listens on the loopback address alone, and
 * answers no pages but its own. It never holds a training up, and no failure of it ends one: a browser that does not read is
 * told less.
 */
public final class TrainingWatch implements Callback, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingWatch.class);

    private static final String HOST = "127.0.0.1";
    private static final String LEARNING_RATE = "learning_rate";
    private static final long BATCH_NANOS = 100_000_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);
    /** One for each page's stream, and some for all else. */
    private static final int THREADS = WatchFeed.PAGES + 8;

    private final WatchFeed feed = new WatchFeed();
    private final TrainingPace pace = new TrainingPace();
    private final History history = new History();
    private final QueuedThreadPool threads = HttpSetup.threads("rekur-watch", THREADS);
    private final Javalin app;
    private int epoch;
    private long lastBatch;
    private boolean failed;

    private TrainingWatch() {
        app = HttpSetup.create(HOST, STOP_TIMEOUT, threads, "GET /", new WatchEndpoints(feed)::register);
    }

    /**
     * Starts to answer.
     *
     * @param port where to listen on 127.0.0.1; 0 takes any that is free
     * @throws InvalidInputException if the port is not free
     */
    public static TrainingWatch start(int port) {
        if (port < 0 || port > 65_535) {
            throw new InvalidInputException("port: expected a number from 0 to 65535, found " + port);
        }
        TrainingWatch watch = new TrainingWatch();
        try {
            ListenAddress.require(HOST, port);
            watch.listen(port);
        } catch (RuntimeException failure) {
            watch.close();
            throw new InvalidInputException(String.valueOf(failure.getMessage()), failure);
        }
        return watch;
    }

    private void listen(int port) {
        try {
            app.start(HOST, port);
        } catch (RuntimeException failure) {
            ListenAddress.require(HOST, port); // says so if it was taken meanwhile
            throw new IllegalStateException(
                    "cannot listen on " + HOST + ", port " + port + ": " + failure.getMessage(), failure);
        }
    }

    /** The page's address. */
    public URI address() {
        return URI.create("http://" + HOST + ":" + app.port() + "/");
    }

    /** Shows a finding of the diagnosis. May be called by any thread. */
    public void finding(Finding finding) {
        safely(() -> feed.publish(WatchEvents.finding(finding)));
    }

    @Override
    public void trainBegin(TrainingRun run) {
        safely(() -> {
            history.trainBegin(run);
            pace.trainBegin(System.nanoTime());
            lastBatch = System.nanoTime() - BATCH_NANOS;
            feed.restart();
            feed.publish(WatchEvents.run(run.epochs()));
        });
    }

    @Override
    public void epochBegin(TrainingRun run, int number) {
        epoch = number;
        pace.epochBegin(System.nanoTime());
    }

    @Override
    public void epochResumed(TrainingRun run, int number, int batch) {
        epoch = number;
        pace.epochResumed(System.nanoTime(), batch);
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        long now = System.nanoTime();
        if (now - lastBatch < BATCH_NANOS) {
            return;
        }
        lastBatch = now;
        safely(() -> {
            int steps = run.stepsPerEpoch();
            WatchEvents.Progress progress = new WatchEvents.Progress(
                    epoch,
                    batch,
                    steps,
                    pace.stepsPerSecond(now, batch),
                    pace.secondsLeft(now, batch, steps, epoch, run.epochs()),
                    run.learningRate());
            feed.publishPassing(WatchEvents.batch(progress, logs));
        });
    }

    @Override
    public void epochEnd(TrainingRun run, int number, Logs logs) {
        pace.epochEnd(System.nanoTime());
        safely(() -> {
            Logs values = logs.copy();
            if (!values.contains(LEARNING_RATE)) {
                values.put(LEARNING_RATE, run.learningRate());
            }
            history.add(number, values);
            feed.publish(WatchEvents.epoch(number, values));
        });
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        safely(() -> feed.publish(WatchEvents.end(history.epochs().size())));
    }

    /** The curves so far, for the page of a training that is resumed. */
    @Override
    public Map<String, Object> state() {
        return history.state();
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        safely(() -> {
            history.restoreState(state);
            for (int i = 0; i < history.epochs().size(); i++) {
                feed.publish(WatchEvents.epoch(history.epochs().get(i), history.logs(i)));
            }
        });
    }

    /** Ends the streams and frees the port. */
    @Override
    public void close() {
        feed.close();
        try {
            app.stop();
        } catch (JavalinException late) {
            LOG.debug("a browser did not read what it asked for; it was cut off", late);
        }
        try {
            threads.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void safely(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException failure) {
            if (!failed) {
                failed = true;
                LOG.warn("the page that watches the training is not complete; the training itself goes on", failure);
            }
        }
    }
}
