package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import dev.rekur.layer.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link TokenProjection} in training: the projection of each distinct token of the batch is computed once, and looked up.
 *
 * <p>Adjoint: with {@code S} the sum of {@code dz} over all places of a token, and {@code E} its embedding: {@code dW += E^T S},
 * {@code dE = S W^T}. Exact algebra; of a text's tokens a third is distinct, or less.
 */
public final class TrainedTokenProjection implements TrainedProjection {
    /** How many parts share the tokens whose gradients are summed up; by turns, since frequent ones come early. */
    private static final int SUM_PARTS = 16;

    private final DistinctTokens tokens;
    private final PackedMatrix kernel;
    private final PackedMatrix transposed;
    private final float[] bias;
    private final float[] zeros;
    private final @Nullable WeightGradient kernelGradient;
    private final int width;
    private float[] projected = {};
    private float[] sums = {};

    public TrainedTokenProjection(TrainingBinding binding, SequenceLayer.Cell cell, DistinctTokens tokens) {
        this.tokens = tokens;
        String path = cell.owner() + "kernel";
        this.width = cell.layer().gates() * cell.layer().units();
        this.kernel = binding.packed(path);
        this.transposed = binding.packedTransposed(path);
        this.bias = cell.layer().inputBias(binding, cell.owner());
        this.zeros = new float[tokens.features() + Workspace.SLACK];
        this.kernelGradient = binding.gradient(path);
    }

    @Override
    public List<TrainingOperation> before() {
        return List.of(
                (TrainingOperation.WholeBatch) this::makeRoom, parts(shards -> tokens.chunks(), this::projectChunk));
    }

    private void makeRoom(List<? extends TrainingWorkspace> workspaces, int[] rows) {
        int needed = DistinctTokens.sizeOf(tokens.count(), width);
        if (projected.length < needed) {
            projected = new float[needed + needed / 2];
            sums = new float[projected.length];
        }
    }

    private void projectChunk(int chunk, Kernels kernels, List<? extends TrainingWorkspace> workspaces, int[] rows) {
        int first = chunk * DistinctTokens.CHUNK;
        int features = tokens.features();
        int end = Math.min(first + DistinctTokens.CHUNK, tokens.count());
        tokens.gather(first, end);
        kernels.multiply(
                end - first,
                tokens.vectors(),
                DistinctTokens.rowAt(first, features),
                features,
                kernel,
                bias,
                0,
                0,
                projected,
                DistinctTokens.at(first, width),
                width);
    }

    @Override
    public void project(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards) {
        float[] z = workspace.floats(tape.projected());
        int time = tokens.time();
        for (int s = 0; s < time; s++) {
            int at = tape.projectedAt(workspace, rows, s);
            int step = backwards ? time - 1 - s : s;
            for (int row = 0; row < rows; row++) {
                int index = tokens.index(workspace, row, step);
                System.arraycopy(projected, DistinctTokens.at(index, width), z, at + row * width, width);
            }
        }
    }

    @Override
    public void adjoint(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards) {
        // the gradient stays on the tape until every shard has come so far
    }

    @Override
    public List<TrainingOperation> after(Tape tape, boolean backwards) {
        return List.of(
                parts(shards -> SUM_PARTS, (part, kernels, shards, rows) -> sum(part, shards, rows, tape, backwards)),
                parts(List::size, this::addKernelGradient),
                parts(shards -> tokens.chunks(), this::propagateChunk),
                (TrainingOperation.WholeBatch) (shards, rows) -> tokens.gradientsWritten());
    }

    /** Sums up the gradients of those tokens that are the part's share, place after place in the order of the batch. */
    private void sum(int part, List<? extends TrainingWorkspace> shards, int[] rows, Tape tape, boolean backwards) {
        int time = tokens.time();
        for (int k = part; k < tokens.count(); k += SUM_PARTS) {
            int to = DistinctTokens.rowAt(k, width);
            Arrays.fill(sums, to, to + width, 0f);
            int shard = 0;
            for (int i = tokens.firstPlace(k); i < tokens.firstPlace(k + 1); i++) {
                int place = tokens.place(i);
                while (place >= tokens.shardPlace(shard + 1)) {
                    shard++;
                }
                int within = place - tokens.shardPlace(shard);
                int step = within % time;
                int s = backwards ? time - 1 - step : step;
                TrainingWorkspace workspace = shards.get(shard);
                int from = tape.projectedAt(workspace, rows[shard], s) + within / time * width;
                workspace.kernels().add(workspace.floats(tape.projected()), from, sums, to, width);
            }
        }
    }

    /** {@code dW += E^T S} of a share of the tokens, into the gradient of the shard of that number: as many shares as shards. */
    private void addKernelGradient(int share, Kernels kernels, List<? extends TrainingWorkspace> shards, int[] rows) {
        if (kernelGradient == null) {
            return;
        }
        int features = tokens.features();
        int first = (int) ((long) tokens.count() * share / shards.size());
        int end = (int) ((long) tokens.count() * (share + 1) / shards.size());
        kernels.addTransposedProduct(
                end - first,
                tokens.vectors(),
                DistinctTokens.rowAt(first, features),
                features,
                features,
                sums,
                DistinctTokens.rowAt(first, width),
                width,
                width,
                shards.get(share).gradient(kernelGradient),
                0,
                width);
    }

    /** {@code dE = S W^T}. */
    private void propagateChunk(int chunk, Kernels kernels, List<? extends TrainingWorkspace> shards, int[] rows) {
        int first = chunk * DistinctTokens.CHUNK;
        int features = tokens.features();
        float[] gradients = tokens.gradients();
        boolean adds = tokens.gradientsBegun();
        kernels.multiply(
                Math.min(DistinctTokens.CHUNK, tokens.count() - first),
                sums,
                DistinctTokens.rowAt(first, width),
                width,
                transposed,
                adds ? gradients : zeros,
                adds ? tokens.at(first) : 0,
                adds ? features : 0,
                gradients,
                tokens.at(first),
                features);
    }

    /** A piece of the work on the whole batch. */
    @FunctionalInterface
    private interface Part {
        void run(int part, Kernels kernels, List<? extends TrainingWorkspace> shards, int[] rows);
    }

    private static TrainingOperation.Parts parts(ToIntFunction<List<? extends TrainingWorkspace>> count, Part work) {
        return new TrainingOperation.Parts() {
            @Override
            public int count(List<? extends TrainingWorkspace> workspaces, int[] rows) {
                return workspaces.isEmpty() ? 0 : count.applyAsInt(workspaces);
            }

            @Override
            public void run(int part, List<? extends TrainingWorkspace> workspaces, int[] rows) {
                work.run(part, workspaces.get(0).kernels(), workspaces, rows);
            }
        };
    }
}
