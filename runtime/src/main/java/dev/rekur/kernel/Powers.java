package dev.rekur.kernel;

/** Powers with the same bits everywhere. The usual exponents are exact, and allocate nothing: {@link StrictMath#pow} does. */
public final class Powers {
    private Powers() {}

    /** {@code base} to the power of {@code exponent}. */
    public static double of(double base, double exponent) {
        if (exponent == 2) {
            return base * base;
        }
        if (exponent == 1) {
            return base;
        }
        return exponent == 0.5 && base >= 0 ? Math.sqrt(base) : StrictMath.pow(base, exponent);
    }
}
