package dev.rekur.training.diagnosis;

import static dev.rekur.training.diagnosis.DiagnosisTest.only;
import static dev.rekur.training.diagnosis.DiagnosisTest.silent;
import static dev.rekur.training.diagnosis.Finding.Kind.ACCURACY_STUCK;
import static dev.rekur.training.diagnosis.Finding.Kind.LEARNING_RATE_TOO_LOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rule on both sides of its thresholds. */
class StuckAccuracyRuleTest {
    private static Facts.Builder stuck(int steps, double loss, double... accuracies) {
        History history = new History();
        for (int i = 0; i < accuracies.length; i++) {
            double now = 1 - (1 - loss) * i / (accuracies.length - 1);
            history.add(i, new Logs().put("accuracy", accuracies[i]).put("loss", now));
        }
        return Facts.of(history).steps(steps).classFrequencies(List.of(0.2, 0.5, 0.3));
    }

    @Test
    void anAccuracyAtTheShareOfTheMostFrequentClassIsStuckWhereTheLossStays() {
        silent(stuck(100, 0.95, 0.5, 0.5, 0.53, 0.5, 0.5));
        silent(stuck(100, 0.95, 0.5, 0.5, 0.5, 0.5)); // few epochs
        silent(stuck(99, 0.95, 0.5, 0.5, 0.5, 0.5, 0.5)); // few steps
        silent(stuck(100, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5)); // it learns
        silent(stuck(100, 0.95, 0.5, 0.5, 0.5, 0.5, 0.5).classFrequencies(List.of()));
        silent(stuck(100, 0.95, 0.96, 0.96, 0.96, 0.96, 0.96).classFrequencies(List.of(0.96, 0.04)));
        Finding finding = only(ACCURACY_STUCK, stuck(100, 0.95, 0.1, 0.49, 0.515, 0.5, 0.5, 0.51));
        assertThat(finding.evidence()).contains("accuracy is 0.51", "3 classes (50.0 % of the labels)");
        assertThat(finding.advice()).contains("ten times lower", "shuffled", "labels belong", "class weights");
    }

    @Test
    void accuraciesOfSeveralOutputsCountToo() {
        double[] slow = {1, 0.997, 0.994, 0.991, 0.988};
        only(LEARNING_RATE_TOO_LOW, outputs(slow, "kind_accuracy", 0.5, "age_mae", 2));
        silent(outputs(slow, "kind_accuracy", 0.99, "age_mae", 2));
        silent(outputs(slow, "kind_acc", 0.99, "size_sparse_categorical_accuracy", 0.98));
        only(LEARNING_RATE_TOO_LOW, outputs(slow, "kind_accuracy", 0.99, "size_accuracy", 0.3));
        only(LEARNING_RATE_TOO_LOW, outputs(slow, "kind_accuracy", 0.5, "val_kind_accuracy", 0.99));
        only(LEARNING_RATE_TOO_LOW, outputs(slow, "kind_accuracy", 0.5, "kind_top_k_categorical_accuracy", 0.99));
    }

    private static Facts.Builder outputs(double[] losses, String first, double one, String second, double other) {
        History history = new History();
        for (int i = 0; i < losses.length; i++) {
            history.add(i, new Logs().put("loss", losses[i]).put(first, one).put(second, other));
        }
        return Facts.of(history).steps(1000).learningRates(Collections.nCopies(losses.length, 1e-4));
    }
}
