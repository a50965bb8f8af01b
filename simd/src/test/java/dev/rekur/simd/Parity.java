package dev.rekur.simd;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;

/** Comparing arrays of floats, and making them. */
final class Parity {
    private Parity() {}

    /** Same bits everywhere; all NaNs are one, since processors are free in their payloads. */
    static void assertSameBits(String what, float[] scalar, float[] simd) {
        int worst = -1;
        long most = 0;
        for (int i = 0; i < scalar.length; i++) {
            long distance = Math.abs((long) Float.floatToIntBits(scalar[i]) - Float.floatToIntBits(simd[i]));
            if (distance > most) {
                most = distance;
                worst = i;
            }
        }
        if (worst >= 0) {
            fail(
                    "%s: element %d is %s scalar and %s simd, %d ulp apart",
                    what, worst, scalar[worst], simd[worst], most);
        }
    }

    static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
