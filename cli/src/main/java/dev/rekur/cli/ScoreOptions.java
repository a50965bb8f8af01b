package dev.rekur.cli;

import dev.rekur.training.Trainer;
import dev.rekur.training.loss.Losses;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model is scored by, where it is not as its file says. */
final class ScoreOptions {
    @Option(
            names = "--loss",
            paramLabel = "NAME",
            description = "Another loss than the file's: mse, sparse_categorical_crossentropy, ...; or one per output,"
                    + " OUTPUT=NAME,...")
    private @Nullable String loss;

    @Option(
            names = "--metrics",
            paramLabel = "A,B",
            split = ",",
            description = "Other metrics than the file's, of every output: accuracy,mae,...")
    private List<String> metrics = new ArrayList<>();

    boolean namesLoss() {
        return loss != null;
    }

    /**
     * Hands everything to a trainer.
     *
     * @throws dev.rekur.error.RekurException if there is no such loss or metric
     */
    void configure(Trainer trainer) {
        if (loss != null && loss.contains("=")) {
            KeyValues.parse("--loss", loss).forEach((output, name) -> trainer.loss(output, Losses.named(name), 1));
        } else if (loss != null) {
            trainer.loss(loss);
        }
        if (!metrics.isEmpty()) {
            trainer.metrics(metrics.toArray(String[]::new));
        }
    }
}
