package dev.rekur.server;

import dev.rekur.graph.Weights;
import dev.rekur.model.Model;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import java.nio.file.Path;

/** A training that trains nothing, for callbacks that only look. */
final class MadeUpRun implements TrainingRun {
    private final int epochs;
    private final int steps;
    private double rate = 1e-3;

    MadeUpRun(int epochs, int steps) {
        this.epochs = epochs;
        this.steps = steps;
    }

    /** What an epoch would log. */
    static Logs logs(int epoch, boolean validated) {
        Logs logs = new Logs()
                .put("accuracy", 0.97 - 0.75 * Math.exp(-epoch / 5.0))
                .put("loss", 0.12 + 1.5 * Math.exp(-epoch / 5.0));
        return validated
                ? logs.put("val_accuracy", 0.86 - 0.62 * Math.exp(-epoch / 4.0))
                        .put("val_loss", 0.42 + 1.2 * Math.exp(-epoch / 4.0) + 0.0004 * epoch * epoch)
                : logs;
    }

    @Override
    public int epochs() {
        return epochs;
    }

    @Override
    public int stepsPerEpoch() {
        return steps;
    }

    @Override
    public double learningRate() {
        return rate;
    }

    @Override
    public void learningRate(double other) {
        rate = other;
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isStopping() {
        return false;
    }

    @Override
    public Weights weights() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void restore(Weights weights) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Model model() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void saveWeights(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void backup(Path directory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forget(Path directory) {}

    @Override
    public boolean resume(Path directory) {
        return false;
    }
}
