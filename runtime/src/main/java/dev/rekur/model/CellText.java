package dev.rekur.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Breaks the text of a table's cell into lines, between words; a word longer than a line is cut.
 *
 * <p>Follows {@code _wrap.py}, {@code text.py} and {@code cells.py} of rich 15.
 */
final class CellText {
    private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*", Pattern.UNICODE_CHARACTER_CLASS);

    private CellText() {}

    /** The lines of a text, each exactly {@code width} columns of a terminal wide. */
    static List<String> wrap(String text, int width, SummaryTable.Align align) {
        if (width < 1) {
            return List.of("");
        }
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int end : breaks(text, width)) {
            lines.add(place(text.substring(from, end), width, align));
            from = end;
        }
        lines.add(place(text.substring(from), width, align));
        return lines;
    }

    /** Where lines begin, the first one left out. */
    private static List<Integer> breaks(String text, int width) {
        List<Integer> breaks = new ArrayList<>();
        int used = 0;
        Matcher words = WORD.matcher(text);
        for (int at = 0; words.find(at); at = words.end()) {
            String word = words.group();
            int length = columns(word.stripTrailing());
            if (width - used >= length) {
                used += columns(word);
            } else if (length > width) {
                if (words.start() > 0) {
                    breaks.add(words.start());
                }
                used = columns(word);
            } else if (used > 0 && words.start() > 0) {
                breaks.add(words.start());
                used = columns(word);
            }
            if (words.end() == text.length()) {
                break;
            }
        }
        return breaks;
    }

    private static String place(String line, int width, SummaryTable.Align align) {
        String text = align == SummaryTable.Align.LEFT ? withoutExcessSpace(line, width) : line.stripTrailing();
        String kept = columns(text) > width ? crop(text, width - 1) + "…" : text;
        int space = Math.max(0, width - columns(kept));
        int before =
                switch (align) {
                    case LEFT -> 0;
                    case CENTER -> space / 2;
                    case RIGHT -> space;
                };
        return " ".repeat(before) + kept + " ".repeat(space - before);
    }

    private static String withoutExcessSpace(String line, int width) {
        int end = Math.max(width, line.stripTrailing().length());
        return line.length() > end ? line.substring(0, end) : line;
    }

    /** At most {@code width} columns of a line; of a character cut in two remains a space. */
    private static String crop(String line, int width) {
        int used = 0;
        for (int at = 0; at < line.length(); ) {
            int character = line.codePointAt(at);
            int columns = columns(character);
            if (used + columns > width) {
                return line.substring(0, at) + " ".repeat(width - used);
            }
            used += columns;
            at += Character.charCount(character);
        }
        return line;
    }

    private static int columns(String text) {
        return text.codePoints().map(CellText::columns).sum();
    }

    /** Columns of a terminal that a character takes: none for marks, two for East Asian scripts and pictures. */
    private static int columns(int character) {
        if (character < 0x300) {
            return 1;
        }
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = character >= 0x1100 && character <= 0x115f
                || character >= 0x2e80 && character <= 0xa4cf && character != 0x303f
                || character >= 0xa960 && character <= 0xa97c
                || character >= 0xac00 && character <= 0xd7a3
                || character >= 0xf900 && character <= 0xfaff
                || character >= 0xfe30 && character <= 0xfe6f
                || character >= 0xff00 && character <= 0xff60
                || character >= 0xffe0 && character <= 0xffe6
                || character >= 0x1f300 && character <= 0x1faff
                || character >= 0x20000 && character <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
