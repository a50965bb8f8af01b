package dev.rekur.layer.recurrent;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.TokenIds;
import java.util.Arrays;

/**
 * The tokens of a batch, each once, with their embeddings: what belongs to a token is computed once for all its places, and
 * gradients of all its places are summed up first. Holds what one step needs, so belongs to one training.
 */
public final class DistinctTokens implements TrainingBinding.SummedRows {
    /** Tokens that one thread works on at a time. */
    static final int CHUNK = 128;

    private final TokenIds ids;
    private final int time;
    private final int features;
    private final float[] embeddings;
    /** For each step of a row, the index of its token. */
    private final Slot indexes;
    /** By token, its index in the last batch it was in; an index counts if the token stands there. */
    private final int[] known;

    private int[] tokens = new int[256];
    private int count;
    private float[] vectors = {};
    private float[] gradients = {};
    private boolean gradientsBegun;

    /**
     * @param ids where the tokens are, {@code time} of them a row
     * @param embeddings the live table, {@code [vocabulary, features]}
     */
    public DistinctTokens(TrainingBinding binding, TokenIds ids, int time, float[] embeddings, int features) {
        this.ids = ids;
        this.time = time;
        this.embeddings = embeddings;
        this.features = features;
        this.known = new int[ids.vocabularySize()];
        this.indexes = binding.saved(time);
    }

    /** Finds the tokens of a batch, in the order in which they first come. */
    public TrainingOperation.WholeBatch collect() {
        return (workspaces, rows) -> {
            count = 0;
            gradientsBegun = false;
            for (int s = 0; s < workspaces.size(); s++) {
                TrainingWorkspace workspace = workspaces.get(s);
                float[] places = workspace.floats(indexes);
                int at = workspace.at(indexes);
                for (int i = 0; i < rows[s] * time; i++) {
                    places[at + i] = index(ids.get(workspace, i));
                }
            }
            if (vectors.length < count * features + Workspace.SLACK) {
                vectors = new float[tokens.length * features + Workspace.SLACK];
                gradients = new float[sizeOf(tokens.length, features)];
            }
            for (int k = 0; k < count; k++) {
                System.arraycopy(embeddings, tokens[k] * features, vectors, k * features, features);
            }
        };
    }

    private int index(int token) {
        int index = known[token];
        if (index < count && tokens[index] == token) {
            return index;
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count] = token;
        known[token] = count;
        return count++;
    }

    int time() {
        return time;
    }

    int features() {
        return features;
    }

    /** The index of the token at a step of a row. */
    int index(Workspace workspace, int row, int step) {
        return (int) workspace.floats(indexes)[workspace.at(indexes) + row * time + step];
    }

    int chunks() {
        return (count + CHUNK - 1) / CHUNK;
    }

    /**
     * Where a token begins in an array of vectors of so many floats, of which threads write a chunk each: kernels may touch what
     * lies behind the vectors they write, so that there is room between chunks.
     */
    static int at(int index, int floats) {
        return index * floats + index / CHUNK * Workspace.SLACK;
    }

    /** Length of such an array. */
    static int sizeOf(int tokens, int floats) {
        return at(tokens, floats) + Workspace.SLACK;
    }

    /** The embeddings, one after the other. */
    float[] vectors() {
        return vectors;
    }

    /** Whether a projection has written gradients already; then others add to them. */
    boolean gradientsBegun() {
        return gradientsBegun;
    }

    void gradientsWritten() {
        gradientsBegun = true;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int row(int index) {
        return tokens[index];
    }

    @Override
    public float[] gradients() {
        return gradients;
    }

    @Override
    public int at(int index) {
        return at(index, features);
    }
}
