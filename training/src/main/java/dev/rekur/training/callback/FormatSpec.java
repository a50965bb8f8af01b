package dev.rekur.training.callback;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How Python's {@code format(value, spec)} writes a number: {@code [[fill]align][sign][0][width][.precision][type]} with the
 * types d, e, E, f, F, g, G, % or none.
 *
 * @param precision -1 if there is none
 * @param type {@code ' '} if there is none
 */
record FormatSpec(char fill, char align, char sign, int width, int precision, char type) {
    private static final Pattern SYNTAX =
            Pattern.compile("(?:(.)?([<>=^]))?([-+ ])?(0)?(\\d{1,3})?(?:\\.(\\d{1,3}))?([deEfFgG%])?", Pattern.DOTALL);

    private static final int PRECISION = 6;

    /**
     * Reads a specification.
     *
     * @throws IllegalArgumentException if it is none, or asks for what is not here; the message says so
     */
    static FormatSpec parse(String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("format '" + text
                    + "' is not supported; there is [[fill]align][sign][0][width][.precision] and d, e, f, g or %");
        }
        boolean zeros = parts.group(4) != null;
        return new FormatSpec(
                first(parts.group(1), zeros ? '0' : ' '),
                first(parts.group(2), zeros ? '=' : '>'),
                first(parts.group(3), '-'),
                parts.group(5) == null ? 0 : Integer.parseInt(parts.group(5)),
                parts.group(6) == null ? -1 : Integer.parseInt(parts.group(6)),
                first(parts.group(7), ' '));
    }

    private static char first(@Nullable String text, char otherwise) {
        return text == null ? otherwise : text.charAt(0);
    }

    /** An {@code int}. */
    String format(long value) {
        if (type != 'd' && type != ' ') {
            return format((double) value);
        }
        if (precision >= 0) {
            throw new IllegalArgumentException("whole numbers have no precision");
        }
        return pad(Long.toString(value));
    }

    /** A {@code float}. */
    String format(double value) {
        return switch (type) {
            case 'd' -> throw new IllegalArgumentException("format d is for whole numbers; use .0f");
            case 'e' -> pad(PythonFloat.scientific(value, digits()));
            case 'E' -> pad(upper(PythonFloat.scientific(value, digits())));
            case 'f' -> pad(PythonFloat.fixed(value, digits()));
            case 'F' -> pad(upper(PythonFloat.fixed(value, digits())));
            case 'g' -> pad(PythonFloat.general(value, digits(), false));
            case 'G' -> pad(upper(PythonFloat.general(value, digits(), false)));
            case '%' -> pad(PythonFloat.fixed(value * 100, digits()) + "%");
            default -> pad(precision < 0 ? PythonFloat.repr(value) : PythonFloat.general(value, precision, true));
        };
    }

    private int digits() {
        return precision < 0 ? PRECISION : precision;
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private String pad(String text) {
        boolean negative = text.startsWith("-");
        String size = negative ? text.substring(1) : text;
        String before = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        int missing = Math.max(0, width - before.length() - size.length());
        return switch (align) {
            case '<' -> before + size + fill(missing);
            case '>' -> fill(missing) + before + size;
            case '^' -> fill(missing / 2) + before + size + fill(missing - missing / 2);
            default -> before + fill(missing) + size;
        };
    }

    private String fill(int count) {
        return String.valueOf(fill).repeat(count);
    }
}
