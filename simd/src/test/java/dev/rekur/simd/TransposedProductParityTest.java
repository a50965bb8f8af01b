package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels' weight gradients against the scalar ones', bit for bit, over every kind of tile, tail, block and stride. */
class TransposedProductParityTest {
    private static final Kernels SIMD = Width.required();
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;
    private static final int SLACK = 15;

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 130, 300})
    void productsAgree(int columns) {
        for (int inputs : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33}) {
            for (int terms : new int[] {0, 1, 2, 5, 17, 63, 64, 65, 100}) {
                check(terms, inputs, columns, inputs, columns, columns);
            }
        }
    }

    @ParameterizedTest(name = "{0} inputs")
    @ValueSource(ints = {1, 5, 32, 64, 100, 128, 130})
    void manyTermsAndInputsAgree(int inputs) {
        for (int columns : new int[] {1, 5, 31, 64, 100, 128, 130}) {
            check(1600, inputs, columns, inputs, columns, columns);
        }
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 5, 16, 33, 64, 100, 128, 130})
    void productsAgreeForAnyStrides(int columns) {
        for (int inputs : new int[] {1, 2, 3, 4, 7}) {
            for (int terms : new int[] {1, 9, 70}) {
                check(terms, inputs, columns, 0, columns + 3, columns + 1);
                check(terms, inputs, columns, inputs + 5, 0, columns);
                check(terms, inputs, columns, -inputs - 1, -columns - 7, -columns - 5);
                check(terms, inputs, columns, -2, 3, 4 * columns);
            }
        }
    }

    /** Rows of dz whose last one ends where its array does, but for the floats that may be read. */
    @Test
    void nothingIsReadBeyondTheSlack() {
        for (int columns : new int[] {1, 16, 17, 33, 130}) {
            float[] x = Parity.random(new Random(1), 6 * 5);
            float[] dz = Parity.random(new Random(2), 6 * columns + SLACK);
            float[] expected = Parity.random(new Random(3), 5 * columns + SLACK);
            float[] actual = expected.clone();
            SCALAR.addTransposedProduct(6, x, 0, 5, 5, dz, 0, columns, columns, expected, 0, columns);
            SIMD.addTransposedProduct(6, x, 0, 5, 5, dz, 0, columns, columns, actual, 0, columns);
            Parity.assertSameBits("columns " + columns, expected, actual);
        }
    }

    @Test
    void infinitiesNansAndSubnormalsAgree() {
        float[] odd = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            -0f,
            0f,
            Float.MIN_VALUE,
            -1e-40f,
            Float.MAX_VALUE
        };
        Random random = new Random(11);
        for (int columns : new int[] {5, 16, 64, 130}) {
            for (int inputs : new int[] {1, 2, 5}) {
                for (int attempt = 0; attempt < 50; attempt++) {
                    float[] x = sprinkled(random, odd, 6 * inputs);
                    float[] dz = sprinkled(random, odd, 6 * columns + SLACK);
                    float[] expected = sprinkled(random, odd, inputs * columns + SLACK);
                    float[] actual = expected.clone();
                    SCALAR.addTransposedProduct(6, x, 0, inputs, inputs, dz, 0, columns, columns, expected, 0, columns);
                    SIMD.addTransposedProduct(6, x, 0, inputs, inputs, dz, 0, columns, columns, actual, 0, columns);
                    Parity.assertSameBits("odd values, columns " + columns, expected, actual);
                }
            }
        }
    }

    /** Compares whole arrays, so that a write outside of the rows shows too. */
    private static void check(int terms, int inputs, int columns, int xStride, int dzStride, int outStride) {
        Random random = new Random(terms * 1_000_003L + inputs * 10_007L + columns);
        int xSize = extent(terms, xStride, inputs);
        int dzSize = extent(terms, dzStride, columns);
        int outSize = extent(inputs, outStride, columns);
        float[] x = Parity.random(random, 7 + xSize);
        float[] dz = Parity.random(random, 11 + dzSize + SLACK);
        float[] out = Parity.random(random, 37 + outSize + SLACK + 20);
        int xAt = xStride < 0 ? 7 + xSize - inputs : 7;
        int dzAt = dzStride < 0 ? 11 + dzSize - columns : 11;
        int outAt = outStride < 0 ? 37 + outSize - columns : 37;
        float[] expected = out.clone();
        SCALAR.addTransposedProduct(
                terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, expected, outAt, outStride);
        float[] actual = out.clone();
        float[] xBefore = x.clone();
        float[] dzBefore = dz.clone();
        SIMD.addTransposedProduct(
                terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, actual, outAt, outStride);
        Parity.assertSameBits(terms + " x " + inputs + " x " + columns + ", stride " + xStride, expected, actual);
        assertThat(Arrays.equals(xBefore, x) && Arrays.equals(dzBefore, dz)).isTrue();
    }

    private static int extent(int rows, int stride, int width) {
        return Math.max(0, rows - 1) * Math.abs(stride) + width;
    }

    private static float[] sprinkled(Random random, float[] odd, int length) {
        float[] values = Parity.random(random, length);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(12) == 0) {
                values[i] = odd[random.nextInt(odd.length)];
            }
        }
        return values;
    }
}
