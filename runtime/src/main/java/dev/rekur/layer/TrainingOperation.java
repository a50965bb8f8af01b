package dev.rekur.layer;

import java.util.List;

/** A piece of a training step, bound to the buffers of a plan. Immutable; all that changes lies in workspaces. */
public sealed interface TrainingOperation {
    /** Runs on each shard of the batch by itself, on whichever thread. */
    @FunctionalInterface
    non-sealed interface EachShard extends TrainingOperation {
        /**
         * Runs on the first {@code rows} rows of a shard.
         *
         * @param rows at least 1
         */
        void run(TrainingWorkspace workspace, int rows);
    }

    /**
     * Runs in parts that do not depend on each other, when every shard has come so far: work on the whole batch that threads
     * share.
     */
    non-sealed interface Parts extends TrainingOperation {
        /** Number of parts, which may depend on the batch alone. */
        int count(List<? extends TrainingWorkspace> workspaces, int[] rows);

        /** Runs one part. */
        void run(int part, List<? extends TrainingWorkspace> workspaces, int[] rows);
    }

    /** Runs once, when every shard has come so far: what is a sum over the whole batch, such as its mean. */
    @FunctionalInterface
    non-sealed interface WholeBatch extends TrainingOperation {
        /**
         * Runs on all shards.
         *
         * @param workspaces the shards, in the order of their rows
         * @param rows the number of rows in each
         */
        void run(List<? extends TrainingWorkspace> workspaces, int[] rows);
    }
}
