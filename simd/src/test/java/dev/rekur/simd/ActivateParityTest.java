package dev.rekur.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivateParityTest {
    private static final Kernels SIMD = Width.required();
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;

    /** One float in 4,099 of all there are: every exponent, both signs, subnormals, infinities, NaNs. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void functionsAgreeOverAllFloats(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        int step = 4_099;
        int count = (int) ((1L << 32) / step);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat((int) ((long) i * step));
        }
        float[] expected = values.clone();
        SCALAR.activate(function, expected, 0, count);
        SIMD.activate(function, values, 0, count);
        Parity.assertSameBits(function.name(), expected, values);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void functionsAgreeWhereTheyBend(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        float[] values = new float[1 << 20];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() - 0.5f) * (i % 2 == 0 ? 20f : 220f);
        }
        float[] expected = values.clone();
        SCALAR.activate(function, expected, 0, values.length);
        SIMD.activate(function, values, 0, values.length);
        Parity.assertSameBits(function.name(), expected, values);
    }

    /** With room behind the last element and without, neighbours are left alone. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void lengthsAndOffsetsAgreeAndNeighboursAreLeftAlone(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            for (int behind : new int[] {0, 1, 5, 15, 16, 40}) {
                float[] values = Parity.random(new Random(length), 3 + length + behind);
                float[] expected = values.clone();
                SCALAR.activate(function, expected, 3, length);
                SIMD.activate(function, values, 3, length);
                Parity.assertSameBits(function + " of " + length + ", " + behind + " behind", expected, values);
            }
        }
    }

    @Test
    void rowFunctionsAgree() {
        for (Activation function :
                new Activation[] {Activation.SOFTMAX, Activation.LOG_SOFTMAX, Activation.SPARSEMAX}) {
            for (int features : new int[] {1, 5, 16, 33, 160}) {
                float[] values = Parity.random(new Random(features), 4 * features + 16);
                float[] expected = values.clone();
                function.applyTo(SCALAR, expected, 0, 4, features, features);
                function.applyTo(SIMD, values, 0, 4, features, features);
                Parity.assertSameBits(function + " of " + features, expected, values);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15, 16, 17, 32, 47, 48, 61, 64, 127, 128, 4096, 4098})
    void sumsAgree(int length) {
        float[] values = Parity.random(new Random(length), length + 8);
        for (int at = 0; at < 8; at++) {
            assertThat(SIMD.sum(values, at, length)).isEqualTo(SCALAR.sum(values, at, length));
            assertThat(SIMD.sumOfSquares(values, at, length, 0.3f))
                    .isEqualTo(SCALAR.sumOfSquares(values, at, length, 0.3f));
        }
    }
}
