package dev.rekur.server;

/** Shortens what a client sent before a message repeats it. */
final class Brief {
    private static final int WORD = 80;
    private static final int SENTENCE = 240;

    private Brief() {}

    static String of(String text) {
        return cut(text, WORD);
    }

    static String ofSentence(String text) {
        return cut(text, SENTENCE);
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 3) + "...";
    }
}
