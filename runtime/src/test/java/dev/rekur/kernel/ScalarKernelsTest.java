package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarKernelsTest {
    private static final Kernels KERNELS = ScalarKernels.INSTANCE;

    @ParameterizedTest(name = "{0} x {1} x {2}")
    @CsvSource({"0,3,4", "1,0,5", "1,1,1", "2,3,7", "3,128,8", "5,17,9", "4,33,64", "7,5,65", "2,61,127", "1,300,130"})
    void multiplyAddsTermsInAscendingOrderEachWithOneFusedMultiplyAdd(int rows, int terms, int columns) {
        Random random = new Random(rows * 1000L + terms * 31L + columns);
        float[] x = Floats.random(random, rows * terms);
        float[] w = Floats.random(random, terms * columns);
        float[] init = Floats.random(random, rows * columns);
        float[] out = new float[rows * columns];
        KERNELS.multiply(rows, x, 0, terms, pack(w, terms, columns), init, 0, columns, out, 0, columns);
        float[] expected = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                float sum = init[r * columns + j];
                double exact = sum;
                double magnitude = Math.abs(sum);
                for (int i = 0; i < terms; i++) {
                    sum = Arithmetic.fma(x[r * terms + i], w[i * columns + j], sum);
                    double product = (double) x[r * terms + i] * w[i * columns + j];
                    exact += product;
                    magnitude += Math.abs(product);
                }
                expected[r * columns + j] = sum;
                // each of the roundings, two a term if not fused, is at most 2^-24 of what has been added up so far
                double bound = (Arithmetic.FUSED ? 1 : 2) * (terms + 1) * 0x1p-24 * magnitude;
                assertThat((double) sum).isBetween(exact - bound, exact + bound);
            }
        }
        Floats.assertSameBits("product", expected, out);
    }

    @Test
    void multiplyTakesAnyStridesAndTouchesNothingElse() {
        Random random = new Random(7);
        int rows = 3;
        int terms = 5;
        int columns = 11;
        float[] x = Floats.random(random, 100);
        float[] w = Floats.random(random, terms * columns);
        float[] bias = Floats.random(random, 40);
        float[] out = new float[200];
        java.util.Arrays.fill(out, -7f);
        KERNELS.multiply(rows, x, 40, -13, pack(w, terms, columns), bias, 3, 0, out, 100, -29);
        for (int i = 0; i < out.length; i++) {
            int fromRow = 100 - i + columns - 1;
            int r = Math.floorDiv(100 - i + 28, 29);
            int j = i - (100 - r * 29);
            boolean written = r >= 0 && r < rows && j >= 0 && j < columns && fromRow >= 0;
            float expected = -7f;
            if (written) {
                expected = bias[3 + j];
                for (int k = 0; k < terms; k++) {
                    expected = Arithmetic.fma(x[40 - 13 * r + k], w[k * columns + j], expected);
                }
            }
            assertThat(out[i]).as("element %d", i).isEqualTo(expected);
        }
    }

    @Test
    void multiplyMayAddToItsOwnOutput() {
        Random random = new Random(8);
        float[] x = Floats.random(random, 20);
        float[] w = Floats.random(random, 10 * 21);
        float[] init = Floats.random(random, 42);
        float[] expected = new float[42];
        KERNELS.multiply(2, x, 0, 10, pack(w, 10, 21), init, 0, 21, expected, 0, 21);
        KERNELS.multiply(2, x, 0, 10, pack(w, 10, 21), init, 0, 21, init, 0, 21);
        Floats.assertSameBits("in place", expected, init);
    }

    @ParameterizedTest(name = "{0} x {1} x {2}")
    @CsvSource({"0,3,4", "1,1,1", "2,3,7", "5,4,8", "17,5,9", "31,1,130", "32,2,3", "33,33,64", "100,7,65", "1600,3,31"
    })
    void transposedProductAddsTermsInAscendingOrderEachWithOneFusedMultiplyAdd(int terms, int inputs, int columns) {
        Random random = new Random(terms * 1000L + inputs * 31L + columns);
        float[] x = Floats.random(random, terms * inputs);
        float[] dz = Floats.random(random, terms * columns);
        float[] out = Floats.random(random, inputs * columns);
        float[] expected = new float[inputs * columns];
        for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < columns; j++) {
                float sum = out[i * columns + j];
                double exact = sum;
                double magnitude = Math.abs(sum);
                for (int k = 0; k < terms; k++) {
                    sum = Arithmetic.fma(x[k * inputs + i], dz[k * columns + j], sum);
                    double product = (double) x[k * inputs + i] * dz[k * columns + j];
                    exact += product;
                    magnitude += Math.abs(product);
                }
                expected[i * columns + j] = sum;
                // as above
                double bound = (Arithmetic.FUSED ? 1 : 2) * (terms + 1) * 0x1p-24 * magnitude;
                assertThat((double) sum).isBetween(exact - bound, exact + bound);
            }
        }
        KERNELS.addTransposedProduct(terms, x, 0, inputs, inputs, dz, 0, columns, columns, out, 0, columns);
        Floats.assertSameBits("transposed product", expected, out);
    }

    @Test
    void aBiasGradientIsTheTransposedProductWithOneInputThatIsAlwaysOne() {
        float[] dz = Floats.random(new Random(9), 50 * 7);
        float[] out = Floats.random(new Random(10), 20);
        float[] expected = out.clone();
        for (int k = 0; k < 50; k++) {
            for (int j = 0; j < 7; j++) {
                expected[3 + j] += dz[k * 7 + j];
            }
        }
        KERNELS.addTransposedProduct(50, new float[] {1f}, 0, 0, 1, dz, 0, 7, 7, out, 3, 7);
        Floats.assertSameBits("bias", expected, out);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 15, 16, 17, 31, 33, 61, 64, 127, 4098})
    void sumsAddSixteenStridedPartsAndThenThosePairwise(int length) {
        Random random = new Random(length);
        float[] values = Floats.random(random, length + 5);
        float[] parts = new float[16];
        float[] squares = new float[16];
        double exact = 0;
        double magnitude = 0;
        for (int i = 0; i < length; i++) {
            parts[i % 16] += values[3 + i];
            float d = values[3 + i] - 0.25f;
            squares[i % 16] = Arithmetic.fma(d, d, squares[i % 16]);
            exact += values[3 + i];
            magnitude += Math.abs(values[3 + i]);
        }
        for (int width = 8; width > 0; width /= 2) {
            for (int k = 0; k < width; k++) {
                parts[k] += parts[k + width];
                squares[k] += squares[k + width];
            }
        }
        float sum = KERNELS.sum(values, 3, length);
        assertThat(sum).isEqualTo(parts[0]);
        assertThat(KERNELS.sumOfSquares(values, 3, length, 0.25f)).isEqualTo(squares[0]);
        double bound = (length / 16 + 6) * 0x1p-24 * magnitude;
        assertThat((double) sum).isBetween(exact - bound, exact + bound);
    }

    private static PackedMatrix pack(float[] w, int terms, int columns) {
        return PackedMatrix.pack(FloatTensor.wrap(Shape.of(terms, columns), w));
    }
}
