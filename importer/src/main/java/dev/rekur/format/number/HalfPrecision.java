package dev.rekur.format.number;

/** The two 16-bit floats: IEEE 754 binary16, which the JDK converts only from version 20 on, and bfloat16. */
public final class HalfPrecision {
    private HalfPrecision() {}

    /** The value of a bfloat16, exact: the upper half of a single. */
    public static float bfloatToFloat(short bfloat) {
        return Float.intBitsToFloat(bfloat << 16);
    }

    /** The value of a binary16, exact. */
    public static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
        }
        if (exponent == 0) {
            // subnormal: fraction * 2^-24, which single precision holds exactly
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
    }
}
