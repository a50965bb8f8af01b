package dev.rekur.format.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as Python's {@code json.dumps} does: a space after each comma and colon, other characters than ASCII as
 * {@code \\u} and four digits, the shortest digits that say a number, NaN and infinities by Python's names. A document that
 * Python wrote and {@link JsonReader} read comes out the same.
 */
public final class JsonWriter {
    private static final int DIGITS_OF_A_DOUBLE = 17;

    /** Decimal exponents from which on Python writes {@code 1e-05} or {@code 1e+16}. */
    private static final int SMALL = -5;

    private static final int LARGE = 16;

    private final StringBuilder text = new StringBuilder();

    private JsonWriter() {}

    /** A tree of maps, lists, texts, numbers, truth values and nulls as text. */
    public static String write(@Nullable Object tree) {
        JsonWriter writer = new JsonWriter();
        writer.append(tree);
        return writer.text.toString();
    }

    private void append(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            String separator = "";
            text.append('{');
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                text.append(separator);
                quote((String) entry.getKey());
                text.append(": ");
                append(entry.getValue());
                separator = ", ";
            }
            text.append('}');
        } else if (value instanceof List<?> list) {
            String separator = "";
            text.append('[');
            for (Object element : list) {
                text.append(separator);
                append(element);
                separator = ", ";
            }
            text.append(']');
        } else if (value instanceof String string) {
            quote(string);
        } else if (value instanceof Double || value instanceof Float) {
            appendNumber(((Number) value).doubleValue());
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            text.append(value);
        } else {
            throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    private void appendNumber(double number) {
        if (!Double.isFinite(number)) {
            text.append(Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
            return;
        }
        if (number == 0) {
            text.append(1 / number < 0 ? "-0.0" : "0.0");
            return;
        }
        BigDecimal digits = shortest(number).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent < SMALL + 1 || exponent >= LARGE) {
            String all = digits.unscaledValue().abs().toString();
            text.append(number < 0 ? "-" : "").append(all.charAt(0));
            text.append(all.length() > 1 ? "." + all.substring(1) : "");
            text.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent) < 10 ? "0" : "");
            text.append(Math.abs(exponent));
        } else {
            text.append(digits.scale() <= 0 ? digits.toBigInteger() + ".0" : digits.toPlainString());
        }
    }

    /** {@code Double.toString} is not the shortest before JDK 19; files must not depend on the JDK. */
    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int precision = 1; precision < DIGITS_OF_A_DOUBLE; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision));
            if (rounded.doubleValue() == number) {
                return rounded;
            }
        }
        return exact.round(new MathContext(DIGITS_OF_A_DOUBLE));
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ' || c > '~') {
                        text.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            text.append(Character.forDigit(c >> shift & 0xF, 16));
                        }
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
