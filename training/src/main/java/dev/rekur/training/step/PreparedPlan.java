package dev.rekur.training.step;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.plan.SlotTable;
import dev.rekur.training.variable.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A plan with shards that have room for batches so far, and its operations joined to rounds of tasks. Allocates nothing unless
 * a batch is larger than all before, or split otherwise than the last.
 */
final class PreparedPlan {
    private final StepPlan plan;
    private final Round[] forward;
    private final Round[] backward;
    private List<Shard> room = List.of();
    private int capacity;
    /** Those shards that have rows of the batch. */
    private List<Shard> shards = List.of();

    private int[] rows = {};

    PreparedPlan(StepPlan plan) {
        this.plan = plan;
        this.forward = rounds(plan.forward());
        this.backward = rounds(plan.backward());
    }

    StepPlan plan() {
        return plan;
    }

    /** The shards of the batch. */
    List<Shard> shards() {
        return shards;
    }

    /** Rows of each. */
    int[] rows() {
        return rows;
    }

    /**
     * Makes room for a batch.
     *
     * @param memory lends a shard its buffers
     * @throws InvalidInputException if a buffer would have more elements than an array
     */
    void split(RowSplit split, ShardMemories memory, Kernels kernels) {
        rows = split.rows();
        if (room.size() < split.count() || capacity < split.largest()) {
            capacity = Math.max(capacity, split.largest());
            int count = Math.max(room.size(), split.count());
            room = new ArrayList<>();
            for (int s = 0; s < count; s++) {
                room.add(new Shard(capacity, layout(), plan.dense(), memory.of(s, plan.dense()), kernels));
            }
            shards = List.of();
        }
        if (shards.size() != split.count()) {
            shards = List.copyOf(room.subList(0, split.count()));
        }
    }

    private SlotTable.Layout layout() {
        try {
            return plan.table().layout(capacity);
        } catch (ArithmeticException overflow) {
            throw new InvalidInputException(
                    "a batch of which " + capacity + " rows go to one shard needs buffers of more"
                            + " elements than an array has; choose a smaller batch, or shorter sequences");
        }
    }

    void forward(Tasks tasks) {
        run(forward, tasks);
    }

    void backward(Tasks tasks) {
        run(backward, tasks);
    }

    /** Runs some of the plan's operations. */
    void run(List<TrainingOperation> operations, Tasks tasks) {
        run(rounds(operations), tasks);
    }

    private static void run(Round[] rounds, Tasks tasks) {
        for (Round round : rounds) {
            round.run(tasks);
        }
    }

    private Round[] rounds(List<TrainingOperation> operations) {
        List<Round> rounds = new ArrayList<>();
        List<TrainingOperation.EachShard> together = new ArrayList<>();
        for (TrainingOperation operation : operations) {
            if (operation instanceof TrainingOperation.EachShard each) {
                together.add(each);
                continue;
            }
            if (!together.isEmpty()) {
                rounds.add(new ShardRound(together));
                together.clear();
            }
            rounds.add(
                    operation instanceof TrainingOperation.Parts parts
                            ? new PartsRound(parts)
                            : tasks -> ((TrainingOperation.WholeBatch) operation).run(shards, rows));
        }
        if (!together.isEmpty()) {
            rounds.add(new ShardRound(together));
        }
        return rounds.toArray(Round[]::new);
    }

    /** What runs between two moments at which all threads meet. */
    private interface Round {
        void run(Tasks tasks);
    }

    /** Operations of a shard that follow one another run on one thread. */
    private final class ShardRound implements Round, IntConsumer {
        private final TrainingOperation.EachShard[] operations;

        ShardRound(List<TrainingOperation.EachShard> operations) {
            this.operations = operations.toArray(TrainingOperation.EachShard[]::new);
        }

        @Override
        public void run(Tasks tasks) {
            tasks.run(shards.size(), this);
        }

        @Override
        public void accept(int shard) {
            for (TrainingOperation.EachShard operation : operations) {
                operation.run(shards.get(shard), rows[shard]);
            }
        }
    }

    private final class PartsRound implements Round, IntConsumer {
        private final TrainingOperation.Parts operation;

        PartsRound(TrainingOperation.Parts operation) {
            this.operation = operation;
        }

        @Override
        public void run(Tasks tasks) {
            tasks.run(operation.count(shards, rows), this);
        }

        @Override
        public void accept(int part) {
            operation.run(part, shards, rows);
        }
    }
}
