package dev.rekur.simd;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The vector kernels' sums and products of elements against the scalar ones', bit for bit; in one array and in several. */
class ElementParityTest {
    private static final Kernels SIMD = Width.required();
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;

    @Test
    void sumsAgreeAndNeighboursAreLeftAlone() {
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            float[] expected = Parity.random(new Random(length), 2 * length + 40);
            float[] actual = expected.clone();
            SCALAR.add(expected, 3, expected, length + 7, length);
            SIMD.add(actual, 3, actual, length + 7, length);
            Parity.assertSameBits("sum of " + length, expected, actual);
        }
    }

    @Test
    void productsAgreeAndMayReplaceWhatTheyAreMadeOf() {
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            float[] factors = Parity.random(new Random(-length), length + 5);
            float[] expected = Parity.random(new Random(length), length + 40);
            float[] actual = expected.clone();
            SCALAR.product(expected, 3, factors, 5, expected, 3, length);
            SIMD.product(actual, 3, factors, 5, actual, 3, length);
            Parity.assertSameBits("product of " + length, expected, actual);
        }
    }

    @Test
    void normalizationAndItsGradientAgree() {
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            float[] gamma = Parity.random(new Random(-length), length + 5);
            float[] beta = Parity.random(new Random(~length), length + 5);
            float[] expected = Parity.random(new Random(length), 3 * length + 40);
            float[] actual = expected.clone();
            for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
                float[] values = kernels == SCALAR ? expected : actual;
                kernels.standardize(values, 3, 0.3f, 1.7f, values, length + 4, length);
                kernels.addProduct(values, length + 4, values, 3, values, 2 * length + 9, length);
                kernels.standardizeGradient(values, 3, 0.1f, -0.7f, 1.3f, values, 2 * length + 9, length);
                kernels.normalize(values, 3, 0.3f, 1.7f, gamma, beta, values, 3, length);
            }
            Parity.assertSameBits("normalization of " + length, expected, actual);
        }
    }

    @Test
    void whatIsSilencedAgreesAndMayReplaceWhatItIsMadeOf() {
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 64, 95, 4098}) {
            for (int threshold : new int[] {0, 1, 19_661, 32_768, 65_535, 65_536}) {
                float[] expected = Parity.random(new Random(length), 2 * length + 40);
                expected[4] = Float.NaN;
                expected[5] = Float.NEGATIVE_INFINITY;
                float[] actual = expected.clone();
                long key = 0xFEDC_BA98_7654_3210L * (length + 1);
                for (Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
                    float[] values = kernels == SCALAR ? expected : actual;
                    kernels.dropout(key, threshold, 1.25f, values, 3, values, length + 7, length);
                    kernels.dropout(~key, threshold, 1.25f, values, 3, values, 3, length);
                }
                Parity.assertSameBits("dropout of " + length + " below " + threshold, expected, actual);
            }
        }
    }

    @Test
    void whatIsFlushedAgreesAndTheRestStays() {
        float least = Kernels.SMALLEST_GRADIENT;
        float[] edges = {
            least, Math.nextDown(least), -least, -Math.nextDown(least), Float.MIN_VALUE, -0f, Float.NaN, 1e30f
        };
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            float[] expected = Parity.random(new Random(length), length + 40);
            for (int i = 0; i < expected.length; i += 3) {
                expected[i] = edges[i % edges.length];
            }
            float[] actual = expected.clone();
            SCALAR.flush(expected, 3, length);
            SIMD.flush(actual, 3, length);
            Parity.assertSameBits("flush of " + length, expected, actual);
        }
    }
}
