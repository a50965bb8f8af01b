package dev.rekur.training.data;

import dev.rekur.kernel.RandomNumbers;

/** In which order the rows of an epoch come. */
@FunctionalInterface
public interface RowOrder {
    /** As they stand. */
    RowOrder AS_GIVEN = rows -> {};

    /**
     * Puts rows in order.
     *
     * @param rows the numbers from 0 on
     */
    void arrange(int[] rows);

    /** Shuffled, each order equally likely; the same key gives the same order. */
    static RowOrder shuffled(long key) {
        return rows -> {
            for (int i = rows.length - 1; i > 0; i--) {
                int other = RandomNumbers.integer(key, i, i + 1);
                int row = rows[i];
                rows[i] = rows[other];
                rows[other] = row;
            }
        };
    }
}
