package dev.rekur.layer.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the position of a word in a list, also where the word is a slice of a buffer, so that no string is made for it.
 *
 * <p>Open addressing over a power of two, at most half full. The hash is seeded anew in each process, so that a file
 * cannot bring words that all fall together; nothing that is computed depends on the seed.
 */
final class TokenTable {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
    private static final long SEED = System.nanoTime() * MULTIPLIER ^ System.identityHashCode(TokenTable.class);

    private final String[] words;
    /** Position plus one of the word at an address, or 0. */
    private final int[] positions;
    /** Hash of the word at an address. */
    private final int[] hashes;

    private final int longest;
    private final int repeated;

    /** Of equal words, the first counts. */
    TokenTable(List<String> list) {
        this.words = list.toArray(String[]::new);
        int addresses = Math.max(4, Integer.highestOneBit(Math.max(1, words.length)) * 4);
        this.positions = new int[addresses];
        this.hashes = new int[addresses];
        int longestSoFar = 0;
        int firstRepeated = -1;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (find(word) >= 0) {
                firstRepeated = firstRepeated < 0 ? i : firstRepeated;
                continue;
            }
            int hash = hash(word);
            int at = hash & addresses - 1;
            while (positions[at] != 0) {
                at = at + 1 & addresses - 1;
            }
            positions[at] = i + 1;
            hashes[at] = hash;
            longestSoFar = Math.max(longestSoFar, word.length());
        }
        this.longest = longestSoFar;
        this.repeated = firstRepeated;
    }

    int size() {
        return words.length;
    }

    List<String> words() {
        return List.of(words);
    }

    /** The first position whose word stood at an earlier one already, or -1. */
    int repeated() {
        return repeated;
    }

    /** Position of the word, or -1. */
    int find(String word) {
        int hash = hash(word);
        int mask = positions.length - 1;
        for (int at = hash & mask; positions[at] != 0; at = at + 1 & mask) {
            if (hashes[at] == hash && words[positions[at] - 1].equals(word)) {
                return positions[at] - 1;
            }
        }
        return -1;
    }

    /** Position of the word that the characters from {@code from} to before {@code to} make, or -1. */
    int find(char[] characters, int from, int to) {
        if (to - from > longest) {
            return -1; // n-grams of long texts are mostly longer than any word; hashing them would take quadratic time
        }
        long h = SEED;
        for (int i = from; i < to; i++) {
            h = step(h, characters[i]);
        }
        int hash = finish(h);
        int mask = positions.length - 1;
        for (int at = hash & mask; positions[at] != 0; at = at + 1 & mask) {
            if (hashes[at] == hash && equal(words[positions[at] - 1], characters, from, to)) {
                return positions[at] - 1;
            }
        }
        return -1;
    }

    private static boolean equal(String word, char[] characters, int from, int to) {
        if (word.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (word.charAt(i - from) != characters[i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(String word) {
        long h = SEED;
        for (int i = 0; i < word.length(); i++) {
            h = step(h, word.charAt(i));
        }
        return finish(h);
    }

    private static long step(long h, char c) {
        return (Long.rotateLeft(h, 5) ^ c) * MULTIPLIER;
    }

    private static int finish(long h) {
        return (int) (h >>> 32 ^ h >>> 11);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenTable that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
