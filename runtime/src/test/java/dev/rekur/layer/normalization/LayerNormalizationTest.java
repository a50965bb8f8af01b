package dev.rekur.layer.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerNormalizationTest extends LayerContract {
    LayerNormalizationTest() {
        super("LayerNormalization");
    }

    @Test
    void epsilonKeepsAConstantInputFinite() {
        Room room = Room.of(new LayerNormalization(List.of(-1), 1e-3f, false, false, false), Map.of(), Shape.of(-1, 4));
        assertThat(room.run(Tensor.of(new float[] {7, 7, 7, 7}, 1, 4)).toArray())
                .containsOnly(0f);
    }

    @Test
    void rootMeanSquareScalingKeepsTheMean() {
        Room room = Room.of(
                new LayerNormalization(List.of(-1), 0f, true, true, true),
                Map.of("gamma", Tensor.of(new float[] {2, 2}, 2)),
                Shape.of(-1, 2));
        // the variance is taken around the mean all the same, as Keras's deprecated option does
        assertThat(room.run(Tensor.of(new float[] {1, 3}, 1, 2)).toArray()).containsExactly(2f, 6f);
    }

    @Test
    void anUnknownExtentIsRefusedIfWeightsDependOnIt() {
        assertThatThrownBy(() -> read(minimalWith("axis", 1)).outputShapes(List.of(Shape.of(-1, -1, 4))))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("axis 1");
    }

    @Test
    void theBatchIsNoAxis() {
        assertThatThrownBy(() -> read(minimalWith("axis", 0)).outputShapes(List.of(Shape.of(-1, 4))))
                .isInstanceOf(ShapeMismatchException.class);
    }
}
