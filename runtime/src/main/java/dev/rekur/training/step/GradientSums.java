package dev.rekur.training.step;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.ValueKind;
import dev.rekur.training.Tasks;
import dev.rekur.training.Variable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch: what shards have added up, summed in the order of the shards, and rows of tables, summed in the order
 * of the batch. Threads share the work by elements, so that no sum depends on their number.
 */
final class GradientSums {
    /** Floats that one task sums up. */
    private static final int CHUNK = 16_384;

    /** Rows of a table's vocabulary are shared out among so many tasks. */
    private static final int ROW_TASKS = 16;

    private final float[][] sums;
    private final int[] chunkVariables;
    private final int[] chunkStarts;
    /** By variable: which rows the last batch touched, for tables. */
    private final boolean[] @Nullable [] touched;
    /** By variable: whether others write to rows that a batch does not touch. */
    private final boolean[] whole;

    GradientSums(List<Variable> variables) {
        this.sums = new float[variables.size()][];
        this.touched = new boolean[variables.size()][];
        this.whole = new boolean[variables.size()];
        int chunks = 0;
        for (int v = 0; v < sums.length; v++) {
            sums[v] = new float[variables.get(v).values().length];
            chunks += (variables.get(v).size() + CHUNK - 1) / CHUNK;
        }
        this.chunkVariables = new int[chunks];
        this.chunkStarts = new int[chunks];
        int chunk = 0;
        for (int v = 0; v < sums.length; v++) {
            for (int start = 0; start < variables.get(v).size(); start += CHUNK) {
                chunkVariables[chunk] = v;
                chunkStarts[chunk++] = start;
            }
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
    void collect(StepPlan plan, List<Shard> shards, int[] rows, Tasks tasks) {
        boolean[] fromShards = new boolean[sums.length];
        plan.dense().forEach(index -> fromShards[index] = true);
        tasks.run(chunkVariables.length, chunk -> {
            int variable = chunkVariables[chunk];
            int start = chunkStarts[chunk];
            int end = Math.min(sums[variable].length, start + CHUNK);
            if (fromShards[variable]) {
                sum(variable, start, end, shards);
            } else if (touched[variable] == null || whole[variable]) {
                Arrays.fill(sums[variable], start, end, 0f);
            }
        });
        for (RowGradient gradient : plan.rowGradients()) {
            clearRows(gradient.variable(), gradient.features(), fromShards, tasks);
        }
        for (SummedRowGradient gradient : plan.summedRows()) {
            clearRows(gradient.variable(), gradient.features(), fromShards, tasks);
        }
        for (RowGradient gradient : plan.rowGradients()) {
            tasks.run(ROW_TASKS, task -> addRows(gradient, shards, rows, task));
        }
        for (SummedRowGradient gradient : plan.summedRows()) {
            tasks.run(ROW_TASKS, task -> addRows(gradient, shards, task));
        }
    }

    private void sum(int variable, int start, int end, List<Shard> shards) {
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
    private void clearRows(int variable, int features, boolean[] fromShards, Tasks tasks) {
        float[] sum = sums[variable];
        boolean[] rows = touched[variable];
        if (rows == null) {
            touched[variable] = new boolean[sum.length / features + 1];
            return;
        }
        boolean fresh = fromShards[variable] || whole[variable];
        int share = (rows.length + ROW_TASKS - 1) / ROW_TASKS;
        tasks.run(ROW_TASKS, task -> {
            for (int row = task * share; row < Math.min(rows.length, (task + 1) * share); row++) {
                if (rows[row]) {
                    rows[row] = false;
                    if (!fresh) {
                        Arrays.fill(sum, row * features, (row + 1) * features, 0f);
                    }
                }
            }
        });
    }

    /** Adds those rows that are the task's share; each comes once. */
    private void addRows(SummedRowGradient gradient, List<Shard> shards, int task) {
        float[] sum = sums[gradient.variable()];
        boolean[] marks = touched[gradient.variable()];
        TrainingBinding.SummedRows rows = gradient.rows();
        if (marks == null || shards.isEmpty()) {
            return;
        }
        int features = gradient.features();
        for (int i = task; i < rows.count(); i += ROW_TASKS) {
            int row = rows.row(i);
            marks[row] = true;
            shards.get(0).kernels().add(rows.gradients(), rows.at(i), sum, row * features, features);
        }
    }

    /** Adds the vectors of those rows that are the task's share. */
    private void addRows(RowGradient gradient, List<Shard> shards, int[] rows, int task) {
        float[] sum = sums[gradient.variable()];
        boolean[] marks = touched[gradient.variable()];
        if (marks == null) {
            return;
        }
        int features = gradient.features();
        for (int s = 0; s < shards.size(); s++) {
            Shard shard = shards.get(s);
            Slot ids = gradient.ids();
            float[] vectors = shard.floats(gradient.vectors());
            int vectorsAt = shard.at(gradient.vectors());
            for (int i = 0; i < rows[s] * ids.rowSize(); i++) {
                int id = ids.kind() == ValueKind.INT
                        ? shard.ints(ids)[shard.at(ids) + i]
                        : (int) shard.floats(ids)[shard.at(ids) + i];
                if (id % ROW_TASKS != task) {
                    continue;
                }
                marks[id] = true;
                int to = id * features;
                int from = vectorsAt + i * features;
                shard.kernels().add(vectors, from, sum, to, features);
            }
        }
    }
}
