package dev.rekur.kernel;

/**
 * Functions that no vector kernel repeats. In double where that is simplest: {@link StrictMath} gives the same bits
 * everywhere, and rounding to float hides its error.
 */
final class RareFunctions {
    private static final double SQRT_HALF = 0x1.6A09E667F3BCDp-1;

    /** {@code 1 / sqrt(2 pi)}. */
    private static final double NORMAL_DENSITY_AT_0 = 0.3989422804014327;

    /**
     * log(erfc(z) / t) + z^2 as a polynomial of t = 2 / (2 + z), for z from 0 to 10.4: Chebyshev fit of our own, absolute
     * error below 2e-10, which is the relative error of erfc.
     */
    private static final double[] LOG_ERFC = {
        -1.2655051458331592,
        0.9997534901230438,
        0.3788825833882337,
        0.0472884795740876,
        0.13366531627780887,
        -1.067761507938731,
        2.6539976267611944,
        -5.740363099967638,
        8.526101810304224,
        -7.873415138744866,
        4.394885495815248,
        -1.37350224992411,
        0.18597234033818683
    };

    private RareFunctions() {}

    /** {@code x / 2 * erfc(-x / sqrt(2))}: unlike the form with erf, exact in the lower tail too. */
    static float gelu(float x) {
        return (float) (0.5 * x * twiceNormal(x));
    }

    /** {@code P + x p}, with the distribution P and the density p of the normal distribution. */
    static float geluDerivative(float x) {
        double density = NORMAL_DENSITY_AT_0 * StrictMath.exp(-0.5 * x * x);
        return (float) (0.5 * twiceNormal(x) + x * density);
    }

    /** {@code erfc(-x / sqrt(2))}: twice the normal distribution function. */
    private static double twiceNormal(float x) {
        double z = Math.abs(x) * SQRT_HALF;
        double t = 2 / (2 + z);
        double p = LOG_ERFC[LOG_ERFC.length - 1];
        for (int i = LOG_ERFC.length - 2; i >= 0; i--) {
            p = p * t + LOG_ERFC[i];
        }
        double tail = t * StrictMath.exp(p - z * z);
        return x < 0 ? tail : 2 - tail;
    }

    /** {@code log(1 + e^x)}, without overflow. */
    static float softplus(float x) {
        return (float) ((x < 0 ? 0 : x) + StrictMath.log1p(StrictMath.exp(-Math.abs((double) x))));
    }

    /** {@code tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2)} for {@code e = e^x}; from 20 on that rounds to 1. */
    static float mish(float x) {
        float e = Arithmetic.exp(x > 20f ? 20f : x);
        float n = e * (e + 2f);
        return x * (n / (n + 2f));
    }

    /**
     * {@code w + x (1 - w^2) sigmoid(x)} for {@code w = tanh(softplus(x)) = n / (n + 2)} as in {@link #mish}, where {@code 1 - w =
     * 2 / (n + 2)}; from 40 on that is 1.
     */
    static float mishDerivative(float x) {
        double e = StrictMath.exp(x > 40f ? 40f : x);
        double n = e * (e + 2);
        double w = n / (n + 2);
        return (float) (w + x * (2 / (n + 2) * (1 + w) * (e / (1 + e))));
    }
}
