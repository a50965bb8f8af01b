package dev.rekur.inference;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Splits the rows of a call into tiles and runs them on the calling thread and on an executor's. Tiles are taken one by
 * one by whoever is free, and the call waits for tiles, not for tasks: an executor that is busy, or rejects, delays nothing.
 *
 * @param executor runs further tasks
 * @param threads how many threads may work on a call, the calling one included
 */
record Parallelism(Executor executor, int threads) {
    /** Work on some rows. */
    @FunctionalInterface
    interface Tile {
        void run(int firstRow, int rows);
    }

    /** Runs all rows; what a tile throws is thrown here, that of the first tile if several do. */
    void run(int rows, int largestTile, Tile work) {
        int tile = Math.max(1, Math.min(largestTile, (rows + threads - 1) / threads));
        int tiles = (rows + tile - 1) / tile;
        if (threads == 1 || tiles <= 1) {
            for (int firstRow = 0; firstRow < rows; firstRow += tile) {
                work.run(firstRow, Math.min(tile, rows - firstRow));
            }
            return;
        }
        Shared shared = new Shared(rows, tile, tiles, work);
        RuntimeException broken = null;
        try {
            for (int i = 1; i < Math.min(threads, tiles); i++) {
                executor.execute(shared);
            }
        } catch (RejectedExecutionException rejected) {
            // the calling thread does it all
        } catch (RuntimeException failure) {
            broken = failure; // tasks it took write to this call's arrays: leave only when they are done
        }
        shared.run();
        shared.await();
        if (broken != null) {
            throw broken;
        }
    }

    /** Tiles of one call, taken in order. */
    private static final class Shared implements Runnable {
        private final int rows;
        private final int tile;
        private final int tiles;
        private final Tile work;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch unfinished;
        private final Throwable[] failures;

        Shared(int rows, int tile, int tiles, Tile work) {
            this.rows = rows;
            this.tile = tile;
            this.tiles = tiles;
            this.work = work;
            this.unfinished = new CountDownLatch(tiles);
            this.failures = new Throwable[tiles];
        }

        @Override
        public void run() {
            for (int index = next.getAndIncrement(); index < tiles; index = next.getAndIncrement()) {
                try {
                    work.run(index * tile, Math.min(tile, rows - index * tile));
                } catch (RuntimeException | Error failure) {
                    failures[index] = failure;
                } finally {
                    unfinished.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    unfinished.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // tiles write to the caller's arrays: leave only when they are done
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            for (Throwable failure : failures) {
                if (failure instanceof RuntimeException exception) {
                    throw exception;
                }
                if (failure instanceof Error error) {
                    throw error;
                }
            }
        }
    }
}
