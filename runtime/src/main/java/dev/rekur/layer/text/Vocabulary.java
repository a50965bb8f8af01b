package dev.rekur.layer.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The words a layer knows and the index of each: first one for the mask token, if there is one and indices are what the
 * layer puts out; then those that unknown words share; then one for each word, in order.
 */
public final class Vocabulary {
    /** What {@link #index} gives for the mask token where that has no index: to be left out. */
    static final int LEFT_OUT = -1;
    /** What {@link #index} gives for an unknown word where those have no index. */
    static final int UNKNOWN = -2;

    private final TokenTable table;
    private final @Nullable String maskToken;
    private final int maskIndex;
    private final UnknownWords unknownWords;
    private final int firstUnknown;
    private final int firstWord;

    /**
     * @param words each once, the mask token not among them
     * @param maskToken the text that stands for nothing, or null
     * @param maskHasIndex whether it is index 0, as in {@code int} mode, or left out
     * @throws ArithmeticException if the indices do not fit an int
     */
    Vocabulary(TokenTable words, @Nullable String maskToken, boolean maskHasIndex, UnknownWords unknownWords) {
        this.table = words;
        this.maskToken = maskToken;
        this.maskIndex = maskHasIndex ? 0 : LEFT_OUT;
        this.unknownWords = unknownWords;
        this.firstUnknown = firstUnknown(maskToken, maskHasIndex);
        this.firstWord = Math.addExact(firstUnknown, unknownWords.indices());
        Math.addExact(firstWord, words.size());
    }

    static int firstUnknown(@Nullable String maskToken, boolean maskHasIndex) {
        return maskToken != null && maskHasIndex ? 1 : 0;
    }

    /** Number of indices. */
    public int size() {
        return firstWord + table.size();
    }

    /** Index of the first word; those before it are the mask's and unknown words'. */
    public int firstWord() {
        return firstWord;
    }

    /** The words, the first of which has index {@link #firstWord}. */
    public List<String> words() {
        return table.words();
    }

    /** The index of a text, {@link #LEFT_OUT} or {@link #UNKNOWN}. */
    int index(String text) {
        if (text.equals(maskToken)) {
            return maskIndex;
        }
        int position = table.find(text);
        if (position >= 0) {
            return firstWord + position;
        }
        return unknownWords.indices() == 0 ? UNKNOWN : firstUnknown + unknownWords.bucket(text);
    }

    /** The index of the text that the characters from {@code from} to before {@code to} make. */
    int index(char[] characters, int from, int to) {
        if (from == to) {
            return index("");
        }
        int position = table.find(characters, from, to);
        if (position >= 0) {
            return firstWord + position;
        }
        boolean simple = unknownWords.indices() == 1 && (maskToken == null || maskToken.isEmpty());
        return simple ? firstUnknown : index(new String(characters, from, to - from));
    }

    /**
     * The special tokens that a vocabulary may begin with: the mask token, then the token for unknown words as often as
     * those have indices. What follows them; or all of it, if it does not begin so.
     */
    static List<String> withoutSpecialTokens(
            List<String> vocabulary, @Nullable String maskToken, int masks, @Nullable String oovToken, int unknowns) {
        int specials = masks + unknowns;
        if (specials < 0 || vocabulary.size() < specials) {
            return vocabulary;
        }
        List<@Nullable String> expected = new ArrayList<>(Collections.nCopies(masks, maskToken));
        expected.addAll(Collections.nCopies(unknowns, oovToken));
        boolean found = vocabulary.subList(0, specials).equals(expected);
        return found ? vocabulary.subList(specials, vocabulary.size()) : vocabulary;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vocabulary that
                && table.equals(that.table)
                && Objects.equals(maskToken, that.maskToken)
                && maskIndex == that.maskIndex
                && unknownWords.equals(that.unknownWords);
    }

    @Override
    public int hashCode() {
        return Objects.hash(table, maskToken, maskIndex, unknownWords);
    }

    @Override
    public String toString() {
        return "Vocabulary[" + table.size() + " words, " + size() + " indices]";
    }
}
