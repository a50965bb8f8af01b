package dev.rekur.layer.text;

import dev.rekur.error.InvalidInputException;
import java.util.Arrays;

/**
 * Standardizes and splits the texts of one call, one row after the other, in a buffer that is used again: each text is
 * read once, and no string is made.
 *
 * <p>Follows {@code _preprocess} in {@code keras/src/layers/preprocessing/text_vectorization.py} of Keras 3.15.
 */
final class Tokenizer {
    private final Standardization standardization;
    private final Splitting splitting;
    private final Ngrams ngrams;
    private final boolean single;
    private final Slices words = new Slices();
    private final Slices joined = new Slices();
    private char[] buffer = new char[256];
    private int used;

    Tokenizer(Standardization standardization, Splitting splitting, Ngrams ngrams) {
        this.standardization = standardization;
        this.splitting = splitting;
        this.ngrams = ngrams;
        this.single = ngrams.areSingleWords();
    }

    /** The characters that slices are slices of; another array after each text. */
    char[] buffer() {
        return buffer;
    }

    /** Forgets the row before. */
    void startRow() {
        used = 0;
        words.clear();
    }

    /**
     * Adds a text to the row.
     *
     * @param limit how many n-grams of the row will be read at most
     */
    void add(String text, int limit) {
        int most = single ? limit : ngrams.wordsFor(limit);
        reserve(text.length());
        switch (splitting) {
            case WHITESPACE -> splitAtBlanks(text, most);
            case CHARACTER -> splitCharacters(text, most);
            case NONE -> keepWhole(text);
        }
    }

    /** The words or n-grams of the row. */
    Slices finishRow(int limit) {
        if (single) {
            return words;
        }
        ngrams.join(words, joined, limit);
        return joined;
    }

    private void splitAtBlanks(String text, int most) {
        int start = -1;
        for (int i = 0; i < text.length() && words.count() < most; i++) {
            int c = standardization.of(text.charAt(i));
            if (c == Standardization.GONE) {
                continue;
            }
            if (!Splitting.isBlank(c)) {
                if (start < 0) {
                    start = startWord();
                }
                buffer[used++] = (char) c;
            } else if (start >= 0) {
                words.add(start, used);
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(start, used);
        }
    }

    private void splitCharacters(String text, int most) {
        for (int i = 0; i < text.length() && words.count() < most; i++) {
            char c = text.charAt(i);
            int standardized = standardization.of(c);
            if (standardized == Standardization.GONE) {
                continue;
            }
            int start = startWord();
            buffer[used++] = (char) standardized;
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                buffer[used++] = text.charAt(++i);
            }
            words.add(start, used);
        }
    }

    private void keepWhole(String text) {
        int start = startWord();
        for (int i = 0; i < text.length(); i++) {
            int c = standardization.of(text.charAt(i));
            if (c != Standardization.GONE) {
                buffer[used++] = (char) c;
            }
        }
        words.add(start, used);
    }

    /** Where a new word starts: behind the blank that joins it to the word before. */
    private int startWord() {
        if (words.count() > 0) {
            buffer[used++] = ' ';
        }
        return used;
    }

    /** Room for a text and a blank before each of its words. */
    private void reserve(int length) {
        long needed = used + (splitting == Splitting.CHARACTER ? 2L * length : length + 1L);
        if (needed > buffer.length) {
            if (needed > Integer.MAX_VALUE - 8) {
                throw new InvalidInputException(
                        "a text of " + length + " characters is too long to be split; pass it in parts");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8, needed + needed / 2));
        }
    }
}
