package dev.rekur.format.numpy;

import dev.rekur.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of a {@code .npy} file: a Python dictionary such as {@code {'descr': '<f4', 'fortran_order': False, 'shape':
 * (3, 4), }}.
 *
 * <p>Format: {@code numpy/lib/format.py}, versions 1.0 to 3.0.
 *
 * @param kind {@code f i u b U S}
 * @param bigEndian byte order of an element
 * @param itemSize bytes of an element
 * @param fortranOrder true if the first index runs fastest
 * @param shape the extents
 * @param dataAt where the elements begin
 */
record NpyHeader(char kind, boolean bigEndian, int itemSize, boolean fortranOrder, int[] shape, int dataAt) {
    private static final int LENGTH_LIMIT = 1 << 16;

    static boolean recognizes(byte[] bytes, int offset, int length) {
        return length >= 10
                && bytes[offset] == (byte) 0x93
                && bytes[offset + 1] == 'N'
                && bytes[offset + 2] == 'U'
                && bytes[offset + 3] == 'M'
                && bytes[offset + 4] == 'P'
                && bytes[offset + 5] == 'Y';
    }

    /**
     * Reads the header of the array at {@code bytes[offset, offset + length)}.
     *
     * @param name the array, for messages
     */
    static NpyHeader read(byte[] bytes, int offset, int length, String name) {
        if (!recognizes(bytes, offset, length)) {
            throw new InvalidInputException(
                    name + ": not an array of NumPy, or truncated. Expected what numpy.save or numpy.savez wrote.");
        }
        int version = bytes[offset + 6];
        int prefix = version == 1 ? 10 : 12;
        if (version < 1 || version > 3 || length < prefix) {
            throw new InvalidInputException(name + ": version " + version + " of the npy format; expected 1 to 3");
        }
        long headerLength = 0;
        for (int i = prefix - 1; i >= 8; i--) {
            headerLength = headerLength << 8 | (bytes[offset + i] & 0xFF);
        }
        if (headerLength > LENGTH_LIMIT || headerLength > length - prefix) {
            throw new InvalidInputException(name + ": the header's length of " + headerLength
                    + " bytes is beyond the end of the file or beyond reason");
        }
        String text = new String(
                bytes,
                offset + prefix,
                (int) headerLength,
                version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return new Parser(text, name).header(offset + prefix + (int) headerLength);
    }

    /** A parser for just this dictionary; the general case would be an evaluator of Python. */
    private static final class Parser {
        private final String text;
        private final String name;
        private int at;

        private Parser(String text, String name) {
            this.text = text;
            this.name = name;
        }

        private NpyHeader header(int dataAt) {
            String type = null;
            Boolean fortran = null;
            int[] shape = null;
            expect('{');
            while (!accept('}')) {
                String key = quoted();
                expect(':');
                switch (key) {
                    case "descr" -> type = elementType();
                    case "fortran_order" -> fortran = truth();
                    case "shape" -> shape = shape();
                    default -> throw broken("unknown key '" + key + "'");
                }
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            if (type == null || fortran == null || shape == null) {
                throw broken("'descr', 'fortran_order' or 'shape' is missing");
            }
            return element(type, fortran, shape, dataAt);
        }

        private NpyHeader element(String type, boolean fortran, int[] shape, int dataAt) {
            String remedy =
                    ". Save the array as float32, int64, bool or text, for example with array.astype('float32').";
            if (type.length() < 3 || "<>|=".indexOf(type.charAt(0)) < 0) {
                throw new InvalidInputException(name + ": element type '" + type + "' is not read" + remedy);
            }
            char kind = type.charAt(1);
            long size = 0;
            for (int i = 2; i < type.length(); i++) {
                char digit = type.charAt(i);
                if (digit < '0' || digit > '9' || size > 1 << 24) {
                    throw new InvalidInputException(name + ": element type '" + type + "' is not read" + remedy);
                }
                size = size * 10 + digit - '0';
            }
            boolean known =
                    switch (kind) {
                        case 'f' -> size == 2 || size == 4 || size == 8;
                        case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
                        case 'b' -> size == 1;
                        case 'U', 'S' -> true;
                        default -> false;
                    };
            if (!known) {
                String what = kind == 'O' ? " (Python objects)" : kind == 'c' ? " (complex)" : "";
                throw new InvalidInputException(
                        name + ": element type '" + type + "'" + what + " is not read" + remedy);
            }
            int bytes = Math.toIntExact(kind == 'U' ? 4 * size : size);
            return new NpyHeader(kind, type.charAt(0) == '>', bytes, fortran, shape, dataAt);
        }

        private String elementType() {
            if (peek() == '[') {
                throw new InvalidInputException(name
                        + ": a structured array is not read. Save one plain array for each field, with numpy.savez.");
            }
            return quoted();
        }

        private boolean truth() {
            skipBlanks();
            if (text.startsWith("True", at)) {
                at += 4;
                return true;
            }
            if (text.startsWith("False", at)) {
                at += 5;
                return false;
            }
            throw broken("expected True or False");
        }

        private int[] shape() {
            expect('(');
            List<Integer> extents = new ArrayList<>();
            while (!accept(')')) {
                skipBlanks();
                long extent = 0;
                int from = at;
                while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                    extent = Math.min(extent * 10 + text.charAt(at++) - '0', Long.MAX_VALUE / 20);
                }
                if (from == at || extents.size() == 32) {
                    throw broken("expected a shape of at most 32 whole numbers");
                }
                if (at < text.length() && text.charAt(at) == 'L') {
                    at++; // Python 2 wrote long integers so
                }
                if (extent > Integer.MAX_VALUE) {
                    throw new InvalidInputException(name + ": an extent of " + extent + " is more than Java can index");
                }
                extents.add((int) extent);
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            int[] shape = new int[extents.size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = extents.get(i);
            }
            return shape;
        }

        private String quoted() {
            char quote = peek();
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw broken("expected a quoted text");
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private char peek() {
            skipBlanks();
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean accept(char expected) {
            if (peek() == expected) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(char expected) {
            if (!accept(expected)) {
                throw broken("expected '" + expected + "'");
            }
        }

        private void skipBlanks() {
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
        }

        private InvalidInputException broken(String why) {
            return new InvalidInputException(name + ": damaged array header at character " + at + ", " + why);
        }
    }
}
