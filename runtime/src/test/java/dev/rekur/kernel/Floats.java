package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;

/** Comparing arrays of floats, and making them. */
final class Floats {
    private Floats() {}

    /** Same bits everywhere; all NaNs are one. */
    static void assertSameBits(String what, float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                fail(
                        "%s: element %d should be %s (%08x), is %s (%08x)",
                        what,
                        i,
                        expected[i],
                        Float.floatToRawIntBits(expected[i]),
                        actual[i],
                        Float.floatToRawIntBits(actual[i]));
            }
        }
    }

    /** Distance in units in the last place of the expected value; 0 for two NaNs or equal infinities. */
    static double ulps(double expected, float actual) {
        float rounded = (float) expected;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
            return Float.compare(rounded, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(actual - expected) / Math.ulp(rounded);
    }

    static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
