package dev.rekur.training.loop;

import dev.rekur.error.InvalidInputException;

/** The arguments of a {@code fit}. Those that make no sense are refused with an {@link InvalidInputException}. */
public record FitPlan(int epochs, int batchSize, boolean shuffle, int initialEpoch, int validationFrequency) {
    /** Keras's. */
    public static final FitPlan DEFAULTS = new FitPlan(1, 32, true, 0, 1);

    public FitPlan {
        requireAtLeast("epochs", epochs, 0);
        requireAtLeast("batch size", batchSize, 1);
        requireAtLeast("initial epoch", initialEpoch, 0);
        requireAtLeast("validation frequency", validationFrequency, 1);
    }

    private static void requireAtLeast(String what, int found, int least) {
        if (found < least) {
            throw new InvalidInputException(what + ": expected a number from " + least + " on, found " + found);
        }
    }

    public FitPlan withEpochs(int count) {
        return new FitPlan(count, batchSize, shuffle, initialEpoch, validationFrequency);
    }

    public FitPlan withBatchSize(int rows) {
        return new FitPlan(epochs, rows, shuffle, initialEpoch, validationFrequency);
    }

    public FitPlan withShuffle(boolean shuffled) {
        return new FitPlan(epochs, batchSize, shuffled, initialEpoch, validationFrequency);
    }

    public FitPlan withInitialEpoch(int epoch) {
        return new FitPlan(epochs, batchSize, shuffle, epoch, validationFrequency);
    }

    public FitPlan withValidationFrequency(int every) {
        return new FitPlan(epochs, batchSize, shuffle, initialEpoch, every);
    }
}
