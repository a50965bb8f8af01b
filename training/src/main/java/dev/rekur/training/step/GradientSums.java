package dev.rekur.training.step;

import dev.rekur.layer.Slot;
import dev.rekur.layer.SummedRows;
import dev.rekur.layer.ValueKind;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch: what shards have added up, summed in the order of the shards, and rows of tables, summed in the order
 * of the batch. Threads share the work by elements, so that no sum depends on their number.
 */
final class GradientSums {
    /** Rows of a table's vocabulary are shared out among so many tasks. */
    private static final int ROW_TASKS = 16;

    private final float[][] sums;
    private final Chunks chunks;
    /** By variable: which rows the last batch touched, for tables. */
    private final boolean[] @Nullable [] touched;
    /** By variable: floats of a row, for tables. */
    private final int[] features;
    /** By variable: whether others write to rows that a batch does not touch. */
    private final boolean[] whole;
    /** By variable: whether shards add it up. */
    private final boolean[] fromShards;

    private final IntConsumer sumChunk = this::sumChunk;
    private final IntConsumer clearRows = this::clearRows;
    private final IntConsumer addRows = this::addRows;
    private final IntConsumer addSummedRows = this::addSummedRows;

    private @Nullable StepPlan plan;
    private List<Shard> shards = List.of();
    private int[] rows = {};
    /** Which variable is cleared, or which gradient of the plan is added. */
    private int round;

    GradientSums(List<Variable> variables) {
        this.sums = new float[variables.size()][];
        this.touched = new boolean[variables.size()][];
        this.features = new int[variables.size()];
        this.whole = new boolean[variables.size()];
        this.fromShards = new boolean[variables.size()];
        this.chunks = new Chunks(variables.stream().mapToInt(Variable::size).toArray());
        for (int v = 0; v < sums.length; v++) {
            sums[v] = new float[variables.get(v).values().length];
        }
    }

    /** Clears all of a table's gradient before each batch, not just the rows that the batch before has touched. */
    void clearWholly(int variable) {
        whole[variable] = true;
    }

    /** The gradients by trained variable. */
    float[][] sums() {
        return sums;
    }

    /** Sums up the gradients of a batch. */
    void collect(StepPlan batchPlan, List<Shard> batchShards, int[] batchRows, Tasks tasks) {
        if (plan != batchPlan) {
            plan = batchPlan;
            begin(batchPlan);
        }
        shards = batchShards;
        rows = batchRows;
        tasks.run(chunks.count(), sumChunk);
        for (round = 0; round < sums.length; round++) {
            if (touched[round] != null) {
                tasks.run(ROW_TASKS, clearRows);
            }
        }
        for (round = 0; round < batchPlan.rowGradients().size(); round++) {
            tasks.run(ROW_TASKS, addRows);
        }
        for (round = 0; round < batchPlan.summedRows().size(); round++) {
            tasks.run(ROW_TASKS, addSummedRows);
        }
    }

    private void begin(StepPlan batchPlan) {
        Arrays.fill(fromShards, false);
        batchPlan.dense().forEach(index -> fromShards[index] = true);
        batchPlan.rowGradients().forEach(gradient -> beginTable(gradient.variable(), gradient.features()));
        batchPlan.summedRows().forEach(gradient -> beginTable(gradient.variable(), gradient.features()));
    }

    private void beginTable(int variable, int rowSize) {
        if (touched[variable] == null) {
            touched[variable] = new boolean[sums[variable].length / rowSize + 1];
            features[variable] = rowSize;
            Arrays.fill(sums[variable], 0f);
        }
    }

    private void sumChunk(int chunk) {
        int variable = chunks.variable(chunk);
        int start = chunks.from(chunk);
        int end = chunks.to(chunk);
        if (fromShards[variable]) {
            sum(variable, start, end);
        } else if (touched[variable] == null || whole[variable]) {
            Arrays.fill(sums[variable], start, end, 0f);
        }
    }

    private void sum(int variable, int start, int end) {
        float[] sum = sums[variable];
        for (int s = 0; s < shards.size(); s++) {
            float[] part = shards.get(s).gradient(variable);
            if (part == null) {
                continue;
            }
            if (s == 0) {
                System.arraycopy(part, start, sum, start, end - start);
            } else {
                for (int i = start; i < end; i++) {
                    sum[i] += part[i];
                }
            }
        }
    }

    /** Forgets the rows of a table that the batch before has touched, unless all of it is fresh anyway. */
    private void clearRows(int task) {
        float[] sum = sums[round];
        boolean[] marks = Objects.requireNonNull(touched[round]);
        boolean fresh = fromShards[round] || whole[round];
        int length = features[round];
        int share = (marks.length + ROW_TASKS - 1) / ROW_TASKS;
        for (int row = task * share; row < Math.min(marks.length, (task + 1) * share); row++) {
            if (marks[row]) {
                marks[row] = false;
                if (!fresh) {
                    Arrays.fill(sum, row * length, (row + 1) * length, 0f);
                }
            }
        }
    }

    /** Adds those rows that are the task's share; each comes once. */
    private void addSummedRows(int task) {
        SummedRowGradient gradient = Objects.requireNonNull(plan).summedRows().get(round);
        float[] sum = sums[gradient.variable()];
        boolean[] marks = Objects.requireNonNull(touched[gradient.variable()]);
        SummedRows summed = gradient.rows();
        if (shards.isEmpty()) {
            return;
        }
        int length = gradient.features();
        for (int i = task; i < summed.count(); i += ROW_TASKS) {
            int row = summed.row(i);
            marks[row] = true;
            shards.get(0).kernels().add(summed.gradients(), summed.at(i), sum, row * length, length);
        }
    }

    /** Adds the vectors of those rows that are the task's share. */
    private void addRows(int task) {
        RowGradient gradient = Objects.requireNonNull(plan).rowGradients().get(round);
        float[] sum = sums[gradient.variable()];
        boolean[] marks = Objects.requireNonNull(touched[gradient.variable()]);
        int length = gradient.features();
        Slot ids = gradient.ids();
        for (int s = 0; s < shards.size(); s++) {
            Shard shard = shards.get(s);
            float[] vectors = shard.floats(gradient.vectors());
            int vectorsAt = shard.at(gradient.vectors());
            for (int i = 0; i < rows[s] * ids.rowSize(); i++) {
                int id = ids.kind() == ValueKind.INT
                        ? shard.ints(ids)[shard.at(ids) + i]
                        : (int) shard.floats(ids)[shard.at(ids) + i];
                if (id % ROW_TASKS == task) {
                    marks[id] = true;
                    shard.kernels().add(vectors, vectorsAt + i * length, sum, id * length, length);
                }
            }
        }
    }
}
