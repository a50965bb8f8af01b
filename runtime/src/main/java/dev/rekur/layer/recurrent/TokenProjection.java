package dev.rekur.layer.recurrent;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.TokenIds;
import dev.rekur.tensor.FloatTensor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The projection of an embedded token: {@code z = E[token] W + b} depends on the token alone, so each is computed once,
 * when it is first met, and looked up from then on. Bits are those of embedding and projecting every time.
 */
public final class TokenProjection implements InputProjection {
    private static final VarHandle READY = MethodHandles.arrayElementVarHandle(byte[].class);

    private final TokenIds ids;
    private final int time;
    private final Table table;

    private TokenProjection(TokenIds ids, int time, Table table) {
        this.ids = ids;
        this.time = time;
        this.table = table;
    }

    /**
     * Binds the projection; the table is shared by all plans of the model.
     *
     * @param ids where the tokens are
     * @param time tokens a row
     * @param embeddings {@code E}, {@code [vocabulary, features]}
     */
    public static TokenProjection bind(
            Binding binding, SequenceLayer.Cell cell, TokenIds ids, int time, FloatTensor embeddings) {
        Table table = binding.shared(
                "tokens:" + ids.layerName() + ":" + cell.owner(), // a shared layer may follow several embeddings
                () -> new Table(
                        embeddings,
                        binding.packed(cell.owner() + "kernel"),
                        cell.layer().inputBias(binding, cell.owner())));
        return new TokenProjection(ids, time, table);
    }

    @Override
    public int time() {
        return time;
    }

    @Override
    public void run(Workspace workspace, int rows, float[] z, int zAt, int zStride, boolean reversed) {
        int width = table.width;
        for (int row = 0; row < rows; row++) {
            for (int step = 0; step < time; step++) {
                int token = ids.get(workspace, row * time + step);
                int from = table.find(workspace, token);
                int position = reversed ? time - 1 - step : step;
                System.arraycopy(table.rows, from, z, zAt + (row * time + position) * zStride, width);
            }
        }
    }

    /** A row for each token of the vocabulary, computed when first asked for. */
    private static final class Table {
        private final FloatTensor embeddings;
        private final PackedMatrix kernel;
        private final float[] bias;
        private final int width;
        private final float[] rows;
        private final byte[] ready;

        Table(FloatTensor embeddings, PackedMatrix kernel, float[] bias) {
            this.embeddings = embeddings;
            this.kernel = kernel;
            this.bias = bias;
            this.width = kernel.columns();
            int vocabulary = embeddings.shape().dimension(0);
            this.rows = new float[vocabulary * width];
            this.ready = new byte[vocabulary];
        }

        /** Where the row of a token begins. Threads that meet a new token together each write the same bits. */
        int find(Workspace workspace, int token) {
            if ((byte) READY.getAcquire(ready, token) == 0) {
                compute(workspace, token);
            }
            return token * width;
        }

        private void compute(Workspace workspace, int token) {
            int features = kernel.rows();
            float[] vector = new float[features];
            embeddings.copyTo(token * features, vector, 0, features);
            // kernels may touch what lies behind a row, and there lie the rows of other threads' tokens
            float[] row = new float[width + Workspace.SLACK];
            workspace.kernels().multiply(1, vector, 0, features, kernel, bias, 0, 0, row, 0, width);
            System.arraycopy(row, 0, rows, token * width, width);
            READY.setRelease(ready, token, (byte) 1);
        }
    }
}
