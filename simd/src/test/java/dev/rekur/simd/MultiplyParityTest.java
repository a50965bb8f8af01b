package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.kernel.ScalarKernels;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels' products against the scalar ones', bit for bit, over every kind of tile, tail and stride. */
class MultiplyParityTest {
    private static final Kernels SIMD = Width.required();
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;
    private static final int SLACK = 16;

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 96, 100, 112, 127, 128, 129,
                131, 160, 192, 200, 255, 256, 300
            })
    void productsAgree(int columns) {
        for (int rows : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13}) {
            for (int terms : new int[] {0, 1, 2, 17, 64}) {
                long seed = columns * 10_007L + rows * 101L + terms;
                check(seed, rows, terms, columns, columns, columns, false);
            }
        }
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 5, 16, 33, 64, 100, 128, 130})
    void productsAgreeForAnyStrides(int columns) {
        for (int rows : new int[] {1, 2, 3, 4, 7}) {
            check(columns, rows, 9, columns, 0, columns + 3, false);
            check(columns + 1, rows, 9, columns, -columns - 5, -columns - 7, false);
            check(columns + 2, rows, 9, columns, 4 * columns, 2 * columns + 1, false);
        }
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 5, 16, 33, 64, 100, 128, 130})
    void productsInPlaceAgree(int columns) {
        for (int rows : new int[] {1, 2, 3, 4, 7}) {
            check(columns, rows, 33, columns, columns, columns, true);
            check(columns + 1, rows, 33, columns, -columns - 1, -columns - 1, true);
        }
    }

    @Test
    void manyTermsAgree() {
        check(1, 5, 4098, 70, 70, 70, false);
        check(2, 1, 4098, 130, 130, 130, false);
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
        int terms = 6;
        for (int columns : new int[] {5, 16, 64, 128}) {
            for (int rows : new int[] {1, 2, 4}) {
                for (int attempt = 0; attempt < 50; attempt++) {
                    float[] x = sprinkled(random, odd, rows * terms);
                    float[] w = sprinkled(random, odd, terms * columns);
                    float[] init = sprinkled(random, odd, rows * columns + SLACK);
                    float[] expected = new float[rows * columns + SLACK];
                    float[] actual = expected.clone();
                    PackedMatrix packed = PackedMatrix.pack(FloatTensor.wrap(Shape.of(terms, columns), w));
                    SCALAR.multiply(rows, x, 0, terms, packed, init, 0, columns, expected, 0, columns);
                    SIMD.multiply(rows, x, 0, terms, packed, init, 0, columns, actual, 0, columns);
                    Parity.assertSameBits("odd values, columns " + columns, expected, actual);
                }
            }
        }
    }

    /** Compares whole arrays, so that a write outside of the rows shows too. */
    private static void check(
            long seed, int rows, int terms, int columns, int initStride, int outStride, boolean inPlace) {
        Random random = new Random(seed);
        int xStride = terms + random.nextInt(4);
        float[] x = Parity.random(random, rows * xStride + 40);
        float[] w = Parity.random(random, terms * columns);
        PackedMatrix packed = PackedMatrix.pack(FloatTensor.wrap(Shape.of(terms, columns), w));
        int size = Math.max(1, rows) * Math.max(Math.abs(outStride), columns) + 100;
        float[] out = Parity.random(random, size + columns + SLACK);
        int outAt = outStride < 0 ? size - columns : 37;
        float[] init = out;
        int initAt = outAt;
        if (!inPlace) {
            int initSize = Math.max(1, rows) * Math.max(Math.abs(initStride), columns) + 100;
            init = Parity.random(random, initSize + columns + SLACK);
            initAt = initStride < 0 ? initSize - columns : 11;
        }
        float[] expected = out.clone();
        SCALAR.multiply(
                rows, x, 7, xStride, packed, inPlace ? expected : init, initAt, initStride, expected, outAt, outStride);
        float[] actual = out.clone();
        float[] xBefore = x.clone();
        SIMD.multiply(
                rows, x, 7, xStride, packed, inPlace ? actual : init, initAt, initStride, actual, outAt, outStride);
        Parity.assertSameBits(rows + " x " + terms + " x " + columns + ", seed " + seed, expected, actual);
        assertThat(Arrays.equals(xBefore, x)).isTrue();
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
