package dev.rekur.training;

import dev.rekur.error.InvalidInputException;

/** The arguments of a {@code fit}, with Keras's defaults. */
record FitPlan(int epochs, int batchSize, boolean shuffle, int initialEpoch, int validationFrequency) {
    private static final FitPlan DEFAULTS = new FitPlan(1, 32, true, 0, 1);

    /**
     * @throws InvalidInputException if a number makes no sense
     */
    static FitPlan of(FitOption... options) {
        FitPlan plan = DEFAULTS;
        for (FitOption option : options) {
            if (option instanceof FitOption.Epochs given) {
                plan = plan.withEpochs(atLeast("epochs", given.epochs(), 0));
            } else if (option instanceof FitOption.BatchSize given) {
                plan = plan.withBatchSize(atLeast("batch size", given.rows(), 1));
            } else if (option instanceof FitOption.Shuffle given) {
                plan = plan.withShuffle(given.shuffle());
            } else if (option instanceof FitOption.InitialEpoch given) {
                plan = plan.withInitialEpoch(atLeast("initial epoch", given.epoch(), 0));
            } else if (option instanceof FitOption.ValidationFrequency given) {
                plan = plan.withValidationFrequency(atLeast("validation frequency", given.epochs(), 1));
            }
        }
        return plan;
    }

    private static int atLeast(String what, int found, int least) {
        if (found < least) {
            throw new InvalidInputException(what + ": expected a number from " + least + " on, found " + found);
        }
        return found;
    }

    private FitPlan withEpochs(int count) {
        return new FitPlan(count, batchSize, shuffle, initialEpoch, validationFrequency);
    }

    private FitPlan withBatchSize(int rows) {
        return new FitPlan(epochs, rows, shuffle, initialEpoch, validationFrequency);
    }

    private FitPlan withShuffle(boolean shuffled) {
        return new FitPlan(epochs, batchSize, shuffled, initialEpoch, validationFrequency);
    }

    private FitPlan withInitialEpoch(int epoch) {
        return new FitPlan(epochs, batchSize, shuffle, epoch, validationFrequency);
    }

    private FitPlan withValidationFrequency(int every) {
        return new FitPlan(epochs, batchSize, shuffle, initialEpoch, every);
    }
}
