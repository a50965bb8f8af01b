package dev.rekur.training.step;

/**
 * How the rows of a batch are shared out among shards: by their number alone, so that no sum depends on threads. Equally many for
 * each but the last, a multiple of four, since kernels work on four at once.
 */
final class RowSplit {
    /** Shards of a batch at most. */
    static final int LARGEST = 8;

    private static final int SMALLEST_SHARD = 8;

    private int[] rows = new int[0];

    /** Shares out a batch; allocates only if the number of shards changes. */
    void of(int batch) {
        int share = Math.max(SMALLEST_SHARD, (batch + LARGEST - 1) / LARGEST);
        share = (share + 3) / 4 * 4;
        int count = (batch + share - 1) / share;
        if (rows.length != count) {
            rows = new int[count];
        }
        for (int s = 0; s < count; s++) {
            rows[s] = Math.min(share, batch - s * share);
        }
    }

    int count() {
        return rows.length;
    }

    /** Rows of each shard; not to be written to. */
    int[] rows() {
        return rows;
    }

    int rows(int shard) {
        return rows[shard];
    }

    /** The most rows of a shard; 1 if there is none. */
    int largest() {
        return rows.length == 0 ? 1 : rows[0];
    }

    /** Where in the batch a shard begins. */
    int firstRow(int shard) {
        return shard == 0 ? 0 : shard * rows[0];
    }
}
