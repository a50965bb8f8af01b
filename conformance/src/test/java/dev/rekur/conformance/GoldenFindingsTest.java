package dev.rekur.conformance;

import static dev.rekur.training.diagnosis.Finding.Kind.FROM_LOGITS;
import static dev.rekur.training.diagnosis.Finding.Kind.NON_FINITE;
import static dev.rekur.training.diagnosis.Finding.Kind.OVERFITTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.diagnosis.Finding;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in which nothing is wrong are told nothing, and each finding of the others is true. */
class GoldenFindingsTest {
    private static final Map<String, Set<Finding.Kind>> TRUE = Map.of(
            // validation is best in epoch 3 of 12, then worse by more than half; the callback restores the best for
            // that reason
            "fit_restore_unstopped", Set.of(OVERFITTING),
            // the loss has from_logits=True behind a softmax
            "fit_from_logits", Set.of(FROM_LOGITS),
            // a learning rate of three millions, so that there is something to terminate on
            "fit_terminate_on_nan", Set.of(NON_FINITE));

    @TempDir
    private Path folder;

    @Test
    void goldenFitsHaveNoFindingsButTrueOnes() {
        Map<String, List<Finding>> all = new LinkedHashMap<>();
        GoldenTraining.all().stream()
                .filter(GoldenTraining::isFit)
                .forEach(golden -> all.put(
                        golden.name(), new GoldenFit(golden, folder).train().findings()));
        Map<String, Set<Finding.Kind>> found = all.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream().map(Finding::kind).collect(Collectors.toSet())));
        assertThat(found).isEqualTo(TRUE);
    }
}
