package dev.rekur.training.step;

/**
 * How the rows of a batch are shared out among shards: by their number alone, so that no sum depends on threads. Equally many for
 * each but the last, a multiple of four, since kernels work on four at once.
 *
 * <p>Few rows leave work for many threads; but in each time step a shard reads all of a layer's recurrent weights, mostly from the
 * second-level cache, and sixteen rows use twice as often as eight what was read. So a batch is cut into about four shards of 8 to
 * 16 rows, a larger one into up to eight of 16, and beyond that shards grow. Reasons and measurements: docs/adr/0012.
 */
final class RowSplit {
    /** Shards of a batch at most. */
    static final int LARGEST = 8;

    private static final int FEWEST_ROWS = 8;

    /** Rows with which it hardly matters any more that weights are read. */
    private static final int ENOUGH_ROWS = 16;

    /** Shards that a batch gets before they have so many rows. */
    private static final int ENOUGH_SHARDS = 4;

    private int[] rows = new int[0];

    private final boolean whole;

    /**
     * @param whole whether the rows of a batch have to stay together, in one shard
     */
    RowSplit(boolean whole) {
        this.whole = whole;
    }

    /** Shares out a batch; allocates only if the number of shards changes. */
    void of(int batch) {
        if (whole) {
            rows = rows.length == 1 ? rows : new int[1];
            rows[0] = batch;
            return;
        }
        int share = Math.min(ENOUGH_ROWS, Math.max(FEWEST_ROWS, parts(batch, ENOUGH_SHARDS)));
        share = parts(Math.max(share, parts(batch, LARGEST)), 4) * 4;
        int count = parts(batch, share);
        if (rows.length != count) {
            rows = new int[count];
        }
        for (int s = 0; s < count; s++) {
            rows[s] = Math.min(share, batch - s * share);
        }
    }

    private static int parts(int whole, int size) {
        return (whole + size - 1) / size;
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
