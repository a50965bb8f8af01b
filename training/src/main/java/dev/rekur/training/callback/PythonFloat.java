package dev.rekur.training.callback;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Python writes them. Everything is rounded from the exact binary value, ties to even, as C does; Java's own
 * formatter rounds the shortest decimal, and so writes 0.15 with one decimal as 0.2 where Python writes 0.1.
 */
public final class PythonFloat {
    private static final int MOST_DIGITS = 17;

    /** Exponents from which {@code repr} changes to scientific notation. */
    private static final int REPR_DIGITS = 16;

    private PythonFloat() {}

    /** {@code repr(value)}: the shortest text that reads back as the same double, as in {@code 0.001}, {@code 1e-05}, {@code nan}. */
    public static String repr(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        return value == 0 ? sign(value) + "0.0" : sign(value) + general(shortest(Math.abs(value)), REPR_DIGITS, true);
    }

    /** {@code '%.{decimals}f' % value}. */
    public static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN);
        return sign(value) + rounded.toPlainString();
    }

    /** {@code '%.{decimals}e' % value}. */
    public static String scientific(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        BigDecimal rounded =
                new BigDecimal(Math.abs(value)).round(new MathContext(decimals + 1, RoundingMode.HALF_EVEN));
        return sign(value) + scientific(digits(rounded, decimals + 1), rounded.signum() == 0 ? 0 : exponent(rounded));
    }

    /** {@code '%.{significant}g' % value}. */
    public static String general(double value, int significant) {
        return general(value, significant, false);
    }

    /**
     * {@code '%.{significant}g' % value}.
     *
     * @param alwaysPoint whether whole numbers end in {@code .0}, as {@code format(value, '.3')} has it
     */
    static String general(double value, int significant, boolean alwaysPoint) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        int precision = Math.max(significant, 1);
        if (value == 0) {
            return sign(value) + (alwaysPoint ? "0.0" : "0");
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).round(new MathContext(precision, RoundingMode.HALF_EVEN));
        return sign(value) + general(rounded, alwaysPoint ? precision - 1 : precision, alwaysPoint);
    }

    private static String general(BigDecimal value, int mostWhole, boolean alwaysPoint) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = exponent(stripped);
        if (exponent < -4 || exponent >= mostWhole) {
            return scientific(digits(stripped, stripped.precision()), exponent);
        }
        String plain = stripped.toPlainString();
        return alwaysPoint && plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        int size = Math.abs(exponent);
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /** The significant digits of a decimal, filled up with zeros. */
    private static String digits(BigDecimal value, int count) {
        String digits = value.unscaledValue().toString();
        return digits + "0".repeat(Math.max(0, count - digits.length()));
    }

    /** The power of ten of the first digit. */
    private static int exponent(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }

    /** The shortest decimal that reads back as the value; of several, the closest. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal above = new BigDecimal(below.unscaledValue().add(BigInteger.ONE), below.scale());
            boolean belowReads = below.doubleValue() == value;
            boolean aboveReads = above.doubleValue() == value;
            if (belowReads && aboveReads) {
                return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            }
            if (belowReads || aboveReads) {
                return belowReads ? below : above;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static String sign(double value) {
        return Math.copySign(1, value) < 0 ? "-" : "";
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
}
