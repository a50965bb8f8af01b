package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Sweeps one float in 499 of all there are, subnormals, NaNs and infinities included; the bounds are those that the
 * documentation of {@link Arithmetic} states, found by finer sweeps; without a fused multiply-add, they are twice as wide.
 */
class ArithmeticTest {
    private static final int STEP = 499;

    @Test
    void fusedMultiplyAddIsUsedExactlyWhereTheJvmUsesTheInstruction() {
        boolean flag = Boolean.parseBoolean(
                ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                        .getVMOption("UseFMA")
                        .getValue());
        assertThat(Arithmetic.FUSED).isEqualTo(flag);
    }

    @Test
    void fmaRoundsOnceWhereFused() {
        float x = 1f + Math.ulp(1f);
        assertThat(Arithmetic.fma(x, x, -1f)).isEqualTo(Arithmetic.FUSED ? Math.fma(x, x, -1f) : x * x - 1f);
    }

    @Test
    void tanhIsWithinItsBound() {
        assertThat(worst(Arithmetic::tanh, StrictMath::tanh, -Float.MAX_VALUE))
                .isLessThan(Arithmetic.FUSED ? 5.0 : 10.0);
    }

    @Test
    void expIsWithinItsBound() {
        assertThat(worst(Arithmetic::exp, StrictMath::exp, -Float.MAX_VALUE)).isLessThan(Arithmetic.FUSED ? 1.1 : 2.2);
    }

    @Test
    void expm1OfNegativeIsWithinItsBound() {
        DoubleUnaryOperator reference = StrictMath::expm1;
        assertThat(worst(x -> Arithmetic.expm1OfNegative(-Math.abs(x)), x -> reference.applyAsDouble(-Math.abs(x)), 0f))
                .isLessThan(Arithmetic.FUSED ? 1.1 : 2.2);
    }

    @Test
    void sigmoidIsWithinItsBoundInTheTailToo() {
        assertThat(worst(
                        Arithmetic::sigmoid,
                        x -> x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x)),
                        -Float.MAX_VALUE))
                .isLessThan(Arithmetic.FUSED ? 2.5 : 5.0);
    }

    @Test
    void tanhNeverLeavesItsRangeAndKeepsSigns() {
        for (long bits = 0; bits < 1L << 31; bits += STEP) {
            float x = Float.intBitsToFloat((int) bits);
            if (!Float.isNaN(x)) {
                float y = Arithmetic.tanh(x);
                assertThat(y >= 0f && y <= 1f).as("tanh(%s) = %s", x, y).isTrue();
                assertThat(Arithmetic.tanh(-x)).isEqualTo(-y);
            }
        }
    }

    @Test
    void specialValuesGiveWhatMathematicsSays() {
        float infinity = Float.POSITIVE_INFINITY;
        assertThat(Arithmetic.tanh(infinity)).isEqualTo(1f);
        assertThat(Arithmetic.tanh(-infinity)).isEqualTo(-1f);
        assertThat(Float.floatToRawIntBits(Arithmetic.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(Arithmetic.tanh(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
        assertThat(Arithmetic.exp(infinity)).isEqualTo(infinity);
        assertThat(Arithmetic.exp(-infinity)).isEqualTo(0f);
        assertThat(Arithmetic.exp(0f)).isEqualTo(1f);
        assertThat(Arithmetic.sigmoid(infinity)).isEqualTo(1f);
        assertThat(Arithmetic.sigmoid(-infinity)).isEqualTo(0f);
        assertThat(Arithmetic.sigmoid(-0f)).isEqualTo(0.5f);
        assertThat(Arithmetic.expm1OfNegative(-infinity)).isEqualTo(-1f);
    }

    @Test
    void anyNanGivesTheCanonicalOne() {
        float odd = Float.intBitsToFloat(0xFFC12345);
        int canonical = Float.floatToRawIntBits(Float.NaN);
        assertThat(Float.floatToRawIntBits(Arithmetic.tanh(odd))).isEqualTo(canonical);
        assertThat(Float.floatToRawIntBits(Arithmetic.exp(odd))).isEqualTo(canonical);
        assertThat(Float.floatToRawIntBits(Arithmetic.sigmoid(odd))).isEqualTo(canonical);
        assertThat(Float.floatToRawIntBits(Arithmetic.expm1OfNegative(odd))).isEqualTo(canonical);
    }

    private interface FloatFunction {
        float apply(float x);
    }

    private static double worst(FloatFunction function, DoubleUnaryOperator reference, float least) {
        double worst = 0;
        for (long bits = 0; bits < 1L << 32; bits += STEP) {
            float x = Float.intBitsToFloat((int) bits);
            if (x < least) {
                continue;
            }
            worst = Math.max(worst, Floats.ulps(reference.applyAsDouble(x), function.apply(x)));
        }
        return worst;
    }
}
