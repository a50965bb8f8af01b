package dev.rekur.cli;

import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Ends a training after the batch that is under way when the process is told to end, by Ctrl+C or SIGTERM, and holds the process
 * until what there is of the training is written. Knows the training as it stands, also for those whom a failure interrupts.
 */
final class Interruption implements Callback, AutoCloseable {
    private final Terminal terminal;
    private final History history = new History();
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook = new Thread(this::hold, "rekur-interruption");
    private volatile boolean requested;
    private Optional<TrainingRun> run = Optional.empty();
    private int epoch;
    private int batches;

    /** Thrown through the training that is interrupted. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted() {
            super("interrupted", null, false, false);
        }
    }

    private Interruption(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Waits for the process to be told to end. */
    static Interruption listen(Terminal terminal) {
        Interruption interruption = new Interruption(terminal);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Runs when the process is told to end, on a thread of its own. */
    private void hold() {
        requested = true;
        terminal.err().println("interrupted: the training ends after this batch, and what there is of it is written");
        try {
            written.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(CommandRunner.INTERRUPTED); // Java's own code would depend on the signal
    }

    /** Whether the process was told to end. */
    boolean isRequested() {
        return requested;
    }

    /** The training, once a batch of it is done. */
    Optional<TrainingRun> training() {
        return run;
    }

    /** Losses and metrics of the epochs that are done. */
    History history() {
        return history;
    }

    /** How far the training is. */
    String place() {
        return "epoch " + (epoch + 1) + " after " + batches + (batches == 1 ? " batch" : " batches");
    }

    @Override
    public void epochBegin(TrainingRun training, int begun) {
        if (requested && run.isPresent()) {
            throw new Interrupted();
        }
        epoch = begun;
        batches = 0;
    }

    @Override
    public void epochResumed(TrainingRun training, int resumed, int batch) {
        epoch = resumed;
        batches = batch;
    }

    @Override
    public void batchEnd(TrainingRun training, int batch, Logs logs) {
        run = Optional.of(training);
        batches = batch + 1;
        if (requested) {
            throw new Interrupted();
        }
    }

    @Override
    public void epochEnd(TrainingRun training, int ended, Logs logs) {
        history.add(ended, logs);
    }

    @Override
    public Map<String, Object> state() {
        return history.state();
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        history.restoreState(state);
    }

    /** All is written and said; the process may end. */
    @Override
    public void close() {
        terminal.out().flush();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            written.countDown();
        }
    }
}
