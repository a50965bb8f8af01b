package dev.rekur.training.callback;

import dev.rekur.graph.Weights;
import dev.rekur.model.Model;
import java.nio.file.Path;
import java.util.Optional;

/** A training that is going on, as callbacks see it. Used on the thread that trains. */
public interface TrainingRun {
    /** Epochs to be run, those before the first of this run included. */
    int epochs();

    /** Batches of an epoch; 0 as long as nobody knows. */
    int stepsPerEpoch();

    /** The optimizer's learning rate, a float32. */
    double learningRate();

    /**
     * Sets the optimizer's learning rate, rounded to float32.
     *
     * @throws dev.rekur.error.InvalidInputException if a schedule sets it
     */
    void learningRate(double rate);

    /** Ends the training after this batch; the epoch is closed as usual. */
    void stop();

    boolean isStopping();

    /** The weights as they are now; what is trained later does not change them. */
    Weights weights();

    /** Replaces the weights; the optimizer's state stays. */
    void restore(Weights weights);

    /** The model as it is now, with the optimizer's state. */
    Model model();

    /** Saves the whole model, optimizer included; the file is replaced atomically. */
    void save(Path file);

    /** Saves the weights; the file is replaced atomically. */
    void saveWeights(Path file);

    /**
     * Keeps everything that a training needs to go on from here as if it had not been interrupted: weights, optimizer,
     * random generators, place in the epoch with losses and metrics so far, state of all callbacks. What the directory kept before is replaced atomically.
     */
    void backup(Path directory);

    /**
     * Goes on from what {@link #backup} kept in the directory.
     *
     * @return false if it keeps nothing; then nothing changes
     */
    boolean resume(Path directory);

    /** Removes what {@link #backup} kept in the directory, and nothing else; then the directory, if it is empty. */
    void forget(Path directory);

    /**
     * Which way a metric improves, for monitors that leave it to us: what Keras has for the metrics it knows by name.
     * Trainings whose metrics have other names override it.
     *
     * @param metric name without {@code val_}
     */
    default Optional<MonitorMode> direction(String metric) {
        return MonitorMode.ofMetric(metric);
    }
}
