package dev.rekur.layer.recurrent;

import dev.rekur.layer.Slot;
import dev.rekur.layer.SummedRows;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.TokenIds;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a batch, each once, with their embeddings: what belongs to a token is computed once for all its places, and
 * gradients of all its places are summed up first. Holds what one step needs, so belongs to one training.
 */
public final class DistinctTokens implements SummedRows {
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
    /** Number of places in the shards before each. */
    private int[] shardPlaces = new int[1];
    /** Where the places of each token begin in {@link #places}. */
    private int[] firstPlaces = new int[257];
    /** The places of all tokens, token by token, each in the order of the batch. */
    private int[] places = {};

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
            Arrays.fill(firstPlaces, 0);
            shardPlaces = shardPlaces.length > workspaces.size() ? shardPlaces : new int[workspaces.size() + 1];
            for (int s = 0; s < workspaces.size(); s++) {
                TrainingWorkspace workspace = workspaces.get(s);
                float[] found = workspace.floats(indexes);
                int at = workspace.at(indexes);
                shardPlaces[s + 1] = shardPlaces[s] + rows[s] * time;
                for (int i = 0; i < rows[s] * time; i++) {
                    int index = index(ids.get(workspace, i));
                    found[at + i] = index;
                    firstPlaces[index + 1]++;
                }
            }
            sortPlaces(workspaces);
            if (vectors.length < rowAt(count, features) + Workspace.SLACK) {
                vectors = new float[rowAt(tokens.length, features) + Workspace.SLACK];
                gradients = new float[sizeOf(tokens.length, features)];
            }
        };
    }

    /** Lists the places of each token; {@link #firstPlaces} holds how many there are of the token before. */
    private void sortPlaces(List<? extends TrainingWorkspace> workspaces) {
        int all = shardPlaces[workspaces.size()];
        places = places.length >= all ? places : new int[all];
        for (int k = 0; k < count; k++) {
            firstPlaces[k + 1] += firstPlaces[k];
        }
        for (int s = workspaces.size() - 1; s >= 0; s--) {
            TrainingWorkspace workspace = workspaces.get(s);
            float[] found = workspace.floats(indexes);
            int at = workspace.at(indexes);
            for (int place = shardPlaces[s + 1] - 1; place >= shardPlaces[s]; place--) {
                int index = (int) found[at + place - shardPlaces[s]];
                places[--firstPlaces[index + 1]] = place;
            }
        }
        // each entry has moved from its token's end to its beginning, one place too far on
        System.arraycopy(firstPlaces, 1, firstPlaces, 0, count);
        firstPlaces[count] = all;
    }

    /** Copies the embeddings of some tokens to where {@link #vectors} has them. */
    void gather(int first, int end) {
        for (int k = first; k < end; k++) {
            System.arraycopy(embeddings, tokens[k] * features, vectors, rowAt(k, features), features);
        }
    }

    int firstPlace(int token) {
        return firstPlaces[token];
    }

    /** A place of a token: a number that shards count on, row by row, step by step. */
    int place(int index) {
        return places[index];
    }

    /** The number of the first place of a shard. */
    int shardPlace(int shard) {
        return shardPlaces[shard];
    }

    private int index(int token) {
        int index = known[token];
        if (index < count && tokens[index] == token) {
            return index;
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            firstPlaces = Arrays.copyOf(firstPlaces, 2 * count + 1);
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

    /** Where a token begins in an array of vectors that lie one behind the other. */
    static int rowAt(int index, int floats) {
        return Workspace.ALIGNED + index * floats;
    }

    /**
     * Where a token begins in an array of vectors of so many floats, of which threads write a chunk each: kernels may touch what
     * lies behind the vectors they write, so that there is room between chunks.
     */
    static int at(int index, int floats) {
        return rowAt(index, floats) + index / CHUNK * Workspace.SLACK;
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
