package dev.rekur.cli;

import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.ProgressBar;
import dev.rekur.training.callback.ProgressLine;
import dev.rekur.training.callback.TrainingRun;
import java.io.PrintStream;

/** Prints the lines that Keras prints while it fits: live on a terminal, else one for each epoch. */
final class FitLines implements Callback {
    private static final int WIDTH = 20;
    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final boolean live;
    private final double begun = now();
    private ProgressBar bar;
    private int seen;

    FitLines(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
        this.bar = new ProgressBar(0, WIDTH, live, now());
    }

    private static double now() {
        return System.nanoTime() / NANOS;
    }

    /** Says something between the lines. */
    void say(String message) {
        out.print(message + "\n");
        out.flush();
    }

    /** Prints the line that Keras's {@code evaluate} ends with. */
    void evaluated(int batches, Logs logs) {
        bar = new ProgressBar(batches, WIDTH, live, begun);
        out.print(bar.finish(batches, now(), logs));
        out.flush();
    }

    @Override
    public void epochResumed(TrainingRun run, int epoch, int batch) {
        epochBegin(run, epoch);
        seen = batch;
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        bar = new ProgressBar(run.stepsPerEpoch(), WIDTH, live, now());
        seen = 0;
        if (run.epochs() > 1) {
            say(ProgressLine.heading(epoch, run.epochs()));
        }
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        seen = batch + 1;
        String line = bar.step(seen, now(), logs);
        if (!line.isEmpty()) {
            out.print(line);
            out.flush();
        }
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        out.print(bar.finish(run.stepsPerEpoch() > 0 ? run.stepsPerEpoch() : seen, now(), logs));
        out.flush();
    }
}
