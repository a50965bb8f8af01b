package dev.rekur.charts;

/** Text as XML and HTML have them. */
final class Markup {
    private Markup() {}

    /** A text that holds no markup, in element content and quoted attributes alike. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        printable(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    /** A text of characters that XML may hold. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(isCharacter(c) ? c : '\ufffd'));
        return printable.toString();
    }

    /** What XML 1.0 allows in a document. */
    private static boolean isCharacter(int c) {
        return c >= ' ' && c <= 0xd7ff || c == '\t' || c == '\n' || c >= 0xe000 && c <= 0xfffd || c >= 0x10000;
    }
}
