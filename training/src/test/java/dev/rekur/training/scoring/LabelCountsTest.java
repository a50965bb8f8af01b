package dev.rekur.training.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.Shape;
import dev.rekur.training.loss.TargetAlignment;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelCountsTest {
    private static final TargetAlignment SPARSE = TargetAlignment.of("y", Shape.of(-1), Shape.of(-1, 3));
    private static final TargetAlignment VECTORS = TargetAlignment.of("y", Shape.of(-1, 3), Shape.of(-1, 3));
    private static final TargetAlignment BINARY = TargetAlignment.of("y", Shape.of(-1, 1), Shape.of(-1, 1));

    private static List<Double> frequencies(TargetAlignment alignment, int vectors, float... target) {
        LabelCounts counts = new LabelCounts();
        counts.add(alignment, vectors, target, null);
        return counts.frequencies();
    }

    @Test
    void classesAreCountedWhateverTheyAreWrittenAs() {
        assertThat(frequencies(SPARSE, 4, 0, 2, 2, 1)).containsExactly(0.25, 0.25, 0.5);
        assertThat(frequencies(VECTORS, 2, 0, 1, 0, 0, 0, 1)).containsExactly(0.0, 0.5, 0.5);
        assertThat(frequencies(BINARY, 4, 0, 1, 1, 1)).containsExactly(0.25, 0.75);
    }

    @Test
    void whatAMaskLeavesOutDoesNotCount() {
        LabelCounts counts = new LabelCounts();
        counts.add(SPARSE, 4, new float[] {0, 2, 2, 1}, new boolean[] {true, true, false, false});
        assertThat(counts.frequencies()).containsExactly(0.5, 0.0, 0.5);
    }

    @Test
    void targetsThatAreNoClassesHaveNoFrequencies() {
        assertThat(frequencies(BINARY, 2, 0.5f, 1)).isEmpty();
        assertThat(frequencies(VECTORS, 1, 1, 1, 0)).isEmpty();
        assertThat(frequencies(VECTORS, 1, 0, 0, 0)).isEmpty();
        assertThat(frequencies(SPARSE, 1, 3)).isEmpty();
    }

    @Test
    void withoutTargetsThereIsNothing() {
        assertThat(new LabelCounts().frequencies()).isEmpty();
    }
}
