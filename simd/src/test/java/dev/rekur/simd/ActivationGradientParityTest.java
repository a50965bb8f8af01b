package dev.rekur.simd;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vector kernels' adjoints of activations against the scalar ones', bit for bit. */
class ActivationGradientParityTest {
    private static final Kernels SIMD = Width.required();
    private static final Kernels SCALAR = ScalarKernels.INSTANCE;

    /** One float in 4,099 of all there are as what was saved, whether the function gives such values or not. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void adjointsAgreeOverAllFloats(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        int step = 4_099;
        int count = (int) ((1L << 32) / step);
        float[] saved = new float[count];
        for (int i = 0; i < count; i++) {
            saved[i] = Float.intBitsToFloat((int) ((long) i * step));
        }
        check(function, saved, new Random(1));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void adjointsAgreeWhereFunctionsBend(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        float[] saved = new float[1 << 18];
        Random random = new Random(3);
        for (int i = 0; i < saved.length; i++) {
            // every other one a multiple of 1/8, so that kinks are met exactly
            saved[i] = i % 2 == 0 ? (random.nextInt(200) - 100) / 8f : (random.nextFloat() - 0.5f) * 30f;
        }
        check(function, saved, random);
    }

    private static void check(Activation function, float[] saved, Random random) {
        float[] expected = Parity.random(random, saved.length);
        for (int i = 0; i < expected.length; i += 97) {
            expected[i] = Float.intBitsToFloat(random.nextInt());
        }
        float[] actual = expected.clone();
        SCALAR.activationGradient(function, saved, 0, expected, 0, saved.length);
        SIMD.activationGradient(function, saved, 0, actual, 0, saved.length);
        Parity.assertSameBits("gradient of " + function, expected, actual);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void lengthsAndOffsetsAgreeAndNeighboursAreLeftAlone(Activation function) {
        if (!function.isElementwise()) {
            return;
        }
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 61, 4098}) {
            for (int behind : new int[] {0, 1, 15, 40}) {
                float[] saved = Parity.random(new Random(length), 5 + length);
                float[] expected = Parity.random(new Random(behind), 3 + length + behind);
                float[] actual = expected.clone();
                SCALAR.activationGradient(function, saved, 5, expected, 3, length);
                SIMD.activationGradient(function, saved, 5, actual, 3, length);
                Parity.assertSameBits(function + " of " + length + ", " + behind + " behind", expected, actual);
            }
        }
    }

    @Test
    void adjointsOfRowFunctionsAgree() {
        for (Activation function : Activation.values()) {
            if (function.isElementwise() || function.halvesFeatures()) {
                continue;
            }
            for (int features : new int[] {1, 5, 16, 33, 160}) {
                float[] saved = Parity.random(new Random(features), 4 * features);
                float[] expected = Parity.random(new Random(1), 4 * features);
                float[] actual = expected.clone();
                ActivationGradient.apply(function, SCALAR, saved, 0, features, expected, 0, features, 4, features);
                ActivationGradient.apply(function, SIMD, saved, 0, features, actual, 0, features, 4, features);
                Parity.assertSameBits(function + " of " + features, expected, actual);
            }
        }
    }

    @Test
    void adjointsOfGatedUnitsAgree() {
        for (int features : new int[] {2, 10, 34, 160}) {
            float[] z = Parity.random(new Random(features), 4 * features);
            float[] dy = Parity.random(new Random(2), 2 * features);
            float[] expected = new float[4 * features];
            float[] actual = expected.clone();
            int half = features / 2;
            ActivationGradient.glu(SCALAR, 4, z, 0, features, features, dy, 0, half, expected, 0, features);
            ActivationGradient.glu(SIMD, 4, z, 0, features, features, dy, 0, half, actual, 0, features);
            Parity.assertSameBits("glu of " + features, expected, actual);
        }
    }
}
