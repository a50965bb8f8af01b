package dev.rekur.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormalizationTest extends LayerContract {
    BatchNormalizationTest() {
        super("BatchNormalization");
    }

    @Test
    void movingStatisticsAreNotTrainable() {
        List<WeightSpec> specs = read(minimalWith("axis", -1)).weights(List.of(Shape.of(Shape.UNKNOWN, 4)));
        assertThat(specs)
                .extracting(WeightSpec::name)
                .containsExactly("gamma", "beta", "moving_mean", "moving_variance");
        assertThat(specs).extracting(WeightSpec::trainable).containsExactly(true, true, false, false);
    }

    @Test
    void anAxisInAListIsTheSameAxis() {
        assertThat(read(minimalWith("axis", List.of(2)))).isEqualTo(read(minimalWith("axis", 2)));
    }

    @Test
    void theBatchAndAxesBeyondTheInputAreRefused() {
        for (int axis : new int[] {0, 3, -3, -4}) {
            assertThatThrownBy(() -> read(minimalWith("axis", axis)).outputShapes(List.of(Shape.of(-1, 5, 4))))
                    .isInstanceOf(ShapeMismatchException.class)
                    .hasMessageContaining(String.valueOf(axis));
        }
    }

    @Test
    void anUnknownNumberOfFeaturesIsRefused() {
        assertThatThrownBy(() -> read(minimalWith("axis", 1)).weights(List.of(Shape.of(-1, -1, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("axis 1");
    }

    @Test
    void severalAxesAndRenormalizationAreProblems() {
        assertThat(problemsWith("axis", List.of(1, 2))).hasSize(1);
        assertThat(problemsWith("renorm", true).toString()).contains("renorm");
    }
}
