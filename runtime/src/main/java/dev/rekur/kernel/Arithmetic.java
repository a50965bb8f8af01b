package dev.rekur.kernel;

import java.lang.management.ManagementFactory;

/**
 * The float functions that every kernel provider computes by the same formula, operation by operation, so that scalar and
 * vector code agree in every bit.
 *
 * <p>They need nothing but compare-and-select, add, multiply, fused multiply-add, divide and integer shifts, all of which
 * are exactly defined, so that the results do not depend on the JDK either. Polynomials are minimax fits of our own; the
 * error bounds, in units in the last place, were found by sweeps over floats against {@link StrictMath} in double, and hold
 * where multiply-adds are fused.
 */
public final class Arithmetic {
    /**
     * Whether {@link #fma} is a fused multiply-add: whether the processor has one that the JVM uses. Without it {@link
     * Math#fma} is emulated, hundreds of times slower than a multiplication and an addition.
     */
    public static final boolean FUSED = hasFusedMultiplyAdd();

    /** Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, ties to even, for magnitudes below 2^22. */
    public static final float ROUNDER = 0x1.8p23f;

    /** Bits of {@link #ROUNDER}: bits of {@code n + ROUNDER} less these are the integer {@code n}. */
    public static final int ROUNDER_BITS = 0x4B400000;

    public static final float LOG2_E = 0x1.715476p0f;

    /** Negative upper part of ln 2, with 8 trailing zero bits: its product with an exponent is exact. */
    public static final float MINUS_LN2_HIGH = -0x1.62E400p-1f;

    /** What {@link #MINUS_LN2_HIGH} lacks. */
    public static final float MINUS_LN2_LOW = -0x1.7F7D1Cp-20f;

    /** Below, exp rounds to 0. */
    public static final float EXP_LEAST = -104f;

    /** Above, exp rounds to infinity. */
    public static final float EXP_MOST = 89f;

    /** Below, exp(x) - 1 rounds to -1. */
    public static final float EXPM1_LEAST = -20f;

    // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2]; relative error of e^r below 0.06 * 2^-24
    public static final float E2 = 0.4999999403953552f;
    public static final float E3 = 0.1666652113199234f;
    public static final float E4 = 0.04166838899254799f;
    public static final float E5 = 0.008368716575205326f;
    public static final float E6 = 0.001381459878757596f;

    /** From here on tanh is taken as at this point, where the formula below gives exactly 1. */
    public static final float TANH_MOST = 8.7f;

    // tanh(x) / x = (1 + P1 x^2 + ... + P4 x^8) / (1 + Q1 x^2 + ... + Q4 x^8)
    public static final float P1 = 0.13403204f;
    public static final float P2 = 0.003521922f;
    public static final float P3 = 2.1043492E-5f;
    public static final float P4 = 1.39617E-8f;
    public static final float Q1 = 0.4673653f;
    public static final float Q2 = 0.025977166f;
    public static final float Q3 = 3.3287297E-4f;
    public static final float Q4 = 8.02374E-7f;

    private Arithmetic() {}

    /** {@code a * b + c}, rounded once where {@link #FUSED}. */
    public static float fma(float a, float b, float c) {
        return FUSED ? Math.fma(a, b, c) : a * b + c;
    }

    /** e^x, off by less than 1.1 ulp; NaN gives the canonical NaN. */
    public static float exp(float x) {
        float z = x < EXP_LEAST ? EXP_LEAST : x;
        z = z > EXP_MOST ? EXP_MOST : z;
        float shifted = fma(z, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = fma(n, MINUS_LN2_LOW, fma(n, MINUS_LN2_HIGH, z));
        float p = fma(fma(fma(fma(E6, r, E5), r, E4), r, E3), r, E2);
        float e = fma(p, r * r, r) + 1f;
        // 2^n in two factors: n lies in [-150, 128], and 2^-150 and 2^128 are no floats
        int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
        int half = exponent >> 1;
        float y = e * Float.intBitsToFloat((half + 127) << 23) * Float.intBitsToFloat((exponent - half + 127) << 23);
        return y != y ? Float.NaN : y;
    }

    /** e^x - 1 for x up to 0, off by less than 1.1 ulp; meaningless for greater x. NaN gives the canonical NaN. */
    public static float expm1OfNegative(float x) {
        float z = x < EXPM1_LEAST ? EXPM1_LEAST : x;
        float shifted = fma(z, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = fma(n, MINUS_LN2_LOW, fma(n, MINUS_LN2_HIGH, z));
        float p = fma(fma(fma(fma(E6, r, E5), r, E4), r, E3), r, E2);
        float m = fma(p, r * r, r);
        float power = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) - ROUNDER_BITS + 127) << 23);
        float y = fma(power, m, power - 1f);
        return y != y ? Float.NaN : y;
    }

    /** The logistic function, off by less than 2.5 ulp, in the lower tail too; NaN gives the canonical NaN. */
    public static float sigmoid(float x) {
        // e^-|x| never overflows, and keeps the relative accuracy of the lower tail down to the smallest floats
        float e = exp(-Math.abs(x));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /** Hyperbolic tangent, off by less than 5 ulp and never past 1 or -1; NaN gives the canonical NaN. */
    public static float tanh(float x) {
        float z = x > TANH_MOST ? TANH_MOST : x;
        z = z < -TANH_MOST ? -TANH_MOST : z;
        float s = z * z;
        float p = fma(fma(fma(fma(P4, s, P3), s, P2), s, P1), s, 1f);
        float q = fma(fma(fma(fma(Q4, s, Q3), s, Q2), s, Q1), s, 1f);
        float y = z * p / q;
        y = y > 1f ? 1f : y; // rounding may carry it past 1 by an ulp or two
        y = y < -1f ? -1f : y;
        return y != y ? Float.NaN : y;
    }

    /**
     * The interpreter already uses the instruction where there is one, so that timing a few calls tells: 16 take 0.4
     * microseconds with it and 200 to 1,000 emulated. Only if they are slow is the JVM asked for its flag, since loading
     * the management classes takes about 40 milliseconds of a fresh JVM's time.
     */
    private static boolean hasFusedMultiplyAdd() {
        float x = 1f;
        for (int attempt = 0; attempt < 20; attempt++) {
            long start = System.nanoTime();
            for (int i = 0; i < 16; i++) {
                x = Math.fma(x, 1.0000001f, 0.1f);
            }
            // a sum that is not finite cannot be; the test keeps the loop from being optimized away
            if (System.nanoTime() - start < 8_000 && x < Float.MAX_VALUE) {
                return true;
            }
        }
        return JvmFlag.isOn("UseFMA");
    }

    /** Loaded only where needed. */
    private static final class JvmFlag {
        static boolean isOn(String name) {
            try {
                return Boolean.parseBoolean(
                        ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                                .getVMOption(name)
                                .getValue());
            } catch (RuntimeException | LinkageError e) {
                return false; // another JVM, or an image without the management modules: multiply, then add
            }
        }
    }
}
