package dev.rekur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void valuesAreCopiedInAndOut() {
        float[] values = {1, 2};
        FloatTensor tensor = Tensor.of(values, 1, 2);
        values[0] = 9;
        tensor.toArray()[1] = 9;
        assertThat(tensor.toArray()).containsExactly(1, 2);
    }

    @Test
    void aTensorHasAsManyValuesAsItsShape() {
        assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [2, 2] needs 4 values, got 3");
        assertThatThrownBy(() -> Tensor.of(new int[3], 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nestedArraysBecomeRows() {
        assertThat(Tensor.of(new int[][] {{1, 2}, {3, 4}, {5, 6}}))
                .isEqualTo(Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2));
        assertThat(Tensor.of(new float[][] {{1, 2}})).isEqualTo(Tensor.of(new float[] {1, 2}, 1, 2));
        assertThat(Tensor.of(new float[][][] {{{1}, {2}}, {{3}, {4}}}))
                .isEqualTo(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1));
        assertThat(Tensor.of(new int[0][]).shape()).isEqualTo(Shape.of(0, 0));
        assertThat(Tensor.of("a", "b").shape()).isEqualTo(Shape.of(2));
    }

    @Test
    void raggedRowsAreRefusedWithTheRow() {
        assertThatThrownBy(() -> Tensor.of(new int[][] {{1, 2}, {3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1 has 1 elements, row 0 has 2: rows must be equally long");
        assertThatThrownBy(() -> Tensor.of(new float[][][] {{{1}, {2}}, {{3}}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalityIsThatOfBits() {
        FloatTensor nan = Tensor.of(new float[] {Float.NaN}, 1);
        assertThat(nan).isEqualTo(Tensor.of(new float[] {Float.NaN}, 1));
        assertThat(Tensor.of(new float[] {0f}, 1)).isNotEqualTo(Tensor.of(new float[] {-0f}, 1));
        assertThat((Tensor) Tensor.of(new float[] {1}, 1)).isNotEqualTo(Tensor.of(new int[] {1}, 1));
        assertThat(Tensor.of(new int[] {1, 2}, 2)).isNotEqualTo(Tensor.of(new int[] {1, 2}, 1, 2));
        assertThat(Tensor.of(new int[] {1, 2}, 1, 2)).hasSameHashCodeAs(Tensor.of(new int[] {1, 2}, 1, 2));
    }

    @Test
    void reshapingKeepsTheOrderOfElements() {
        assertThat(Tensor.of(new int[] {1, 2, 3, 4}, 4).reshape(2, 2))
                .isEqualTo(Tensor.of(new int[][] {{1, 2}, {3, 4}}));
        assertThatThrownBy(() -> Tensor.of(new int[4], 4).reshape(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTensorSaysItsKindAndShape() {
        assertThat(Tensor.of(new float[2], 1, 2)).hasToString("FloatTensor[1, 2]");
        assertThat(Tensor.of(new float[2], 1, 2).dtype()).isEqualTo(DType.FLOAT);
        assertThat(Tensor.of(new int[2], 2).dtype()).isEqualTo(DType.INT);
        assertThat(Tensor.of("x").dtype()).isEqualTo(DType.TEXT);
    }

    @Test
    void reshapingAViewGivesAView() {
        float[] values = {1, 2, 3, 4, 0, 0};
        FloatTensor reshaped = FloatTensor.view(Shape.of(4), values).reshape(2, 2);
        values[3] = 7;
        assertThat(reshaped.get(3)).isEqualTo(7);
        assertThat(reshaped.toArray()).containsExactly(1, 2, 3, 7);
        assertThatThrownBy(() -> reshaped.reshape(6)).isInstanceOf(IllegalArgumentException.class);
    }
}
