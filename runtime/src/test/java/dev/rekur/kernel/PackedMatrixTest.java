package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedMatrixTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 17, 63, 64, 65, 80, 100, 128, 129})
    void everyElementStandsInItsPanelAndTheRestIsZero(int columns) {
        int rows = 3;
        int skipped = 2;
        float[] all = new float[rows * (columns + skipped)];
        for (int i = 0; i < all.length; i++) {
            all[i] = i + 1;
        }
        PackedMatrix packed = PackedMatrix.pack(
                FloatTensor.wrap(Shape.of(rows, columns + skipped), all), rows, columns + skipped, skipped, columns);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int panel = j / PackedMatrix.PANEL * PackedMatrix.PANEL;
                float value = packed.values()[packed.panelAt(panel) + i * packed.panelWidth(panel) + j - panel];
                assertThat(value).isEqualTo(all[i * (columns + skipped) + skipped + j]);
                sum += value;
            }
        }
        double total = 0;
        for (float value : packed.values()) {
            total += value;
        }
        assertThat(total).isEqualTo(sum);
        assertThat(packed.values().length % PackedMatrix.LANES).isZero();
    }

    /** Twice, the second time with other values, and with the scalar kernels' rows already made. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 80, 100, 128, 129})
    void refillingIsAsPackingAnewAlsoForScalarKernels(int columns) {
        for (int rows : new int[] {0, 1, 2, 15, 16, 17, 33, 128}) {
            PackedMatrix direct = PackedMatrix.of(rows, columns);
            PackedMatrix transposed = PackedMatrix.of(rows, columns);
            for (int time = 0; time < 2; time++) {
                float[] w = Floats.random(new Random(rows * 1000L + columns * 2L + time), rows * columns);
                PackedMatrix expected = PackedMatrix.pack(FloatTensor.wrap(Shape.of(rows, columns), w));
                int stride = columns + 3;
                float[] source = new float[7 + rows * stride];
                int transposedStride = -rows - 2;
                int last = 5 + (columns - 1) * (rows + 2);
                float[] transposedSource = new float[last + rows];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        source[7 + i * stride + j] = w[i * columns + j];
                        transposedSource[last + j * transposedStride + i] = w[i * columns + j];
                    }
                }
                direct.fill(source, 7, stride);
                transposed.fillTransposed(transposedSource, last, transposedStride);
                for (PackedMatrix filled : new PackedMatrix[] {direct, transposed}) {
                    assertThat(filled.values()).containsExactly(expected.values());
                    float[][] rowArrays = filled.rowArrays();
                    assertThat(rowArrays).isDeepEqualTo(expected.rowArrays());
                    assertThat(filled.rowArrays()).isSameAs(rowArrays);
                }
            }
        }
    }

    @Test
    void aMatrixThatWasNotFilledIsZero() {
        PackedMatrix zeros = PackedMatrix.of(3, 70);
        assertThat(zeros.rows()).isEqualTo(3);
        assertThat(zeros.columns()).isEqualTo(70);
        assertThat(zeros.values()).hasSize(3 * 80).containsOnly(0f);
    }

    @Test
    void onlyMatricesArePackedAsTheyStand() {
        FloatTensor cube = FloatTensor.wrap(Shape.of(3, 2, 3), new float[18]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedMatrix.pack(cube))
                .withMessageContaining("[3, 2, 3]");
    }
}
