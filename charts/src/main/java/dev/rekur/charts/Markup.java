package dev.rekur.charts;

import java.util.Locale;

/** Text and numbers as XML and HTML have them. */
final class Markup {
    private Markup() {}

    /** A text that holds no markup, in element content and quoted attributes alike. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isCharacter(c) ? c : '\ufffd');
            }
        });
        return escaped.toString();
    }

    /** What XML 1.0 allows in a document. */
    private static boolean isCharacter(int c) {
        return c >= ' ' && c <= 0xd7ff || c == '\t' || c == '\n' || c >= 0xe000 && c <= 0xfffd || c >= 0x10000;
    }

    /** A coordinate: a tenth of a pixel is as fine as a line is seen. */
    static String coordinate(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
