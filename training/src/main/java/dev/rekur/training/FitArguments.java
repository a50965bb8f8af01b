package dev.rekur.training;

import dev.rekur.training.loop.FitPlan;

/** What the options of a {@code fit} come to. */
final class FitArguments {
    private FitArguments() {}

    /**
     * Keras's defaults, with what the options say otherwise; of two that say the same, the later counts.
     *
     * @throws dev.rekur.error.InvalidInputException if a number makes no sense
     */
    static FitPlan plan(FitOption... options) {
        FitPlan plan = FitPlan.DEFAULTS;
        for (FitOption option : options) {
            if (option instanceof FitOption.Epochs given) {
                plan = plan.withEpochs(given.epochs());
            } else if (option instanceof FitOption.BatchSize given) {
                plan = plan.withBatchSize(given.rows());
            } else if (option instanceof FitOption.Shuffle given) {
                plan = plan.withShuffle(given.shuffle());
            } else if (option instanceof FitOption.InitialEpoch given) {
                plan = plan.withInitialEpoch(given.epoch());
            } else if (option instanceof FitOption.ValidationFrequency given) {
                plan = plan.withValidationFrequency(given.epochs());
            }
        }
        return plan;
    }
}
