package dev.rekur.training;

/** One of the arguments of Keras's {@code fit}, for {@link Trainer#fit}. */
public sealed interface FitOption {
    /** How often the data is gone through; Keras's default is 1. */
    static FitOption epochs(int epochs) {
        return new Epochs(epochs);
    }

    /** Rows of a batch; Keras's default is 32. A source of batches ignores it. */
    static FitOption batchSize(int rows) {
        return new BatchSize(rows);
    }

    /** Whether rows come in another order in each epoch; Keras's default is true. A source of batches ignores it. */
    static FitOption shuffle(boolean shuffle) {
        return new Shuffle(shuffle);
    }

    /** The epoch to begin with, counted from 0: goes on where another training ended. */
    static FitOption initialEpoch(int epoch) {
        return new InitialEpoch(epoch);
    }

    /** Validates after every so many epochs; Keras's default is 1. */
    static FitOption validationFrequency(int epochs) {
        return new ValidationFrequency(epochs);
    }

    /** See {@link #epochs}. */
    record Epochs(int epochs) implements FitOption {}

    /** See {@link #batchSize}. */
    record BatchSize(int rows) implements FitOption {}

    /** See {@link #shuffle}. */
    record Shuffle(boolean shuffle) implements FitOption {}

    /** See {@link #initialEpoch}. */
    record InitialEpoch(int epoch) implements FitOption {}

    /** See {@link #validationFrequency}. */
    record ValidationFrequency(int epochs) implements FitOption {}
}
