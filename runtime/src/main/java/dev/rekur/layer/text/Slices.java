package dev.rekur.layer.text;

import dev.rekur.error.InvalidInputException;
import java.util.Arrays;

/** Growing list of slices of a buffer: where each starts and where it ends. */
final class Slices {
    private static final int MOST = Integer.MAX_VALUE - 8; // the longest array that every JVM makes

    private int[] bounds = new int[64];
    private int count;

    int count() {
        return count;
    }

    int start(int index) {
        return bounds[2 * index];
    }

    int end(int index) {
        return bounds[2 * index + 1];
    }

    void clear() {
        count = 0;
    }

    void add(int start, int end) {
        int at = 2 * count;
        if (at == bounds.length) {
            bounds = Arrays.copyOf(bounds, grown(at));
        }
        bounds[at] = start;
        bounds[at + 1] = end;
        count++;
    }

    /**
     * A length at least half as long again, even where {@code length} is.
     *
     * @throws InvalidInputException if no array can be longer
     */
    static int grown(int length) {
        if (length >= MOST - 1) {
            throw new InvalidInputException("the texts of one call have more words than an array has elements;"
                    + " pass fewer or shorter texts at once");
        }
        return (int) Math.min(MOST & ~1, length + (long) length / 2 + 2 & ~1L);
    }
}
