package dev.rekur.layer.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.LayerContract;
import dev.rekur.layer.Room;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaskingTest extends LayerContract {
    MaskingTest() {
        super("Masking");
    }

    /** What is masked jumps where a step begins or ceases to be padding. */
    @Override
    protected boolean isSmooth(Case contract) {
        return contract.name().equals("rank four");
    }

    @Test
    void stepsThatEqualTheValueThroughoutAreMaskedAndSetToZero() {
        Room room = Room.of(new Masking(9), Map.of(), Shape.of(Shape.UNKNOWN, 3, 2));
        Room.Result result = room.run(List.of(Tensor.of(new float[] {9, 9, 9, 1, 0, 0}, 1, 3, 2)), List.of());
        assertThat(result.floats().toArray()).containsExactly(0, 0, 9, 1, 0, 0);
        assertThat(result.masks()).containsExactly(Tensor.of(new int[] {0, 1, 1}, 1, 3));
    }

    @Test
    void noStepEqualsNotANumber() {
        Room room = Room.of(new Masking(0), Map.of(), Shape.of(Shape.UNKNOWN, 1, 1));
        Room.Result result = room.run(List.of(Tensor.of(new float[] {Float.NaN}, 1, 1, 1)), List.of());
        assertThat(result.masks()).containsExactly(Tensor.of(new int[] {1}, 1, 1));
    }
}
