package dev.rekur.training.optimizer;

import dev.rekur.training.step.Chunks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps gradients short: {@code clipnorm}, {@code global_clipnorm}, {@code clipvalue}.
 *
 * <pre>
 * clipnorm          g = g c / max(|g|, c)                    |g| of the variable's gradient
 * global_clipnorm   g = g (c min(1/|g|, 1/c))                |g| of all gradients together; NaN if it is not finite
 * clipvalue         g = min(max(g, -c), c)
 * </pre>
 *
 * <p>Squares are exact in double precision and are summed there, in eight sums for each chunk, then chunk by chunk. Follows
 * {@code _clip_gradients} of {@code keras/src/optimizers/base_optimizer.py} and {@code tf.clip_by_norm}, Keras 3.15.
 */
final class Clipping {
    private enum Kind {
        NONE,
        NORM,
        GLOBAL_NORM,
        VALUE
    }

    private final Chunks chunks;
    private final Kind kind;
    private final double limit;

    /** By chunk. */
    private final double[] squares;

    /** By variable. */
    private final double[] sums;

    /** By variable: what a gradient is divided by (clipnorm), or multiplied with (global_clipnorm). */
    private final float[] scales;

    Clipping(CommonOptions options, Chunks chunks, int variables) {
        this.chunks = chunks;
        double norm = limit(options.clipNorm());
        double globalNorm = limit(options.globalClipNorm());
        double value = limit(options.clipValue());
        kind = norm > 0 ? Kind.NORM : globalNorm > 0 ? Kind.GLOBAL_NORM : value > 0 ? Kind.VALUE : Kind.NONE;
        limit = norm > 0 ? norm : globalNorm > 0 ? globalNorm : value;
        squares = new double[chunks.count()];
        sums = new double[variables];
        scales = new float[variables];
    }

    /** To Keras, zero and less stand for no limit. */
    private static double limit(@Nullable Double option) {
        return option == null ? 0 : option;
    }

    /** Whether all gradients have to be {@link #measure measured} before the first can be clipped. */
    boolean needsNorms() {
        return kind == Kind.NORM || kind == Kind.GLOBAL_NORM;
    }

    /** Sums the squares of a chunk. */
    void measure(int chunk, float[] gradients) {
        squares[chunk] = sumOfSquares(gradients, chunks.from(chunk), chunks.to(chunk));
    }

    private static double sumOfSquares(float[] values, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = from;
        for (; i + 7 < to; i += 8) {
            s0 += (double) values[i] * values[i];
            s1 += (double) values[i + 1] * values[i + 1];
            s2 += (double) values[i + 2] * values[i + 2];
            s3 += (double) values[i + 3] * values[i + 3];
            s4 += (double) values[i + 4] * values[i + 4];
            s5 += (double) values[i + 5] * values[i + 5];
            s6 += (double) values[i + 6] * values[i + 6];
            s7 += (double) values[i + 7] * values[i + 7];
        }
        for (; i < to; i++) {
            s0 += (double) values[i] * values[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** Joins the sums of all chunks. */
    void scale() {
        Arrays.fill(sums, 0);
        double all = 0;
        for (int chunk = 0; chunk < squares.length; chunk++) {
            sums[chunks.variable(chunk)] += squares[chunk];
            all += squares[chunk];
        }
        if (kind == Kind.NORM) {
            for (int variable = 0; variable < sums.length; variable++) {
                float norm = (float) Math.sqrt((float) sums[variable]);
                scales[variable] = Math.max(norm, (float) limit);
            }
        } else {
            float norm = (float) Math.sqrt((float) all);
            float shrink = (float) limit * Math.min(1 / norm, (float) (1 / limit));
            Arrays.fill(scales, shrink + (norm - norm)); // Keras's way to NaN where the norm is not finite
        }
    }

    /** Clips a chunk in place. */
    void clip(int chunk, float[] gradients) {
        int from = chunks.from(chunk);
        int to = chunks.to(chunk);
        float scale = scales[chunks.variable(chunk)];
        float most = (float) limit;
        switch (kind) {
            case NORM -> {
                if (most != 1 || scale != 1) { // else nothing changes
                    shrink(gradients, most, scale, from, to);
                }
            }
            case GLOBAL_NORM -> multiply(gradients, scale, from, to);
            case VALUE -> cut(gradients, most, from, to);
            case NONE -> {}
        }
    }

    private static void shrink(float[] gradients, float limit, float norm, int from, int to) {
        for (int i = from; i < to; i++) {
            gradients[i] = gradients[i] * limit / norm;
        }
    }

    private static void multiply(float[] gradients, float factor, int from, int to) {
        for (int i = from; i < to; i++) {
            gradients[i] *= factor;
        }
    }

    private static void cut(float[] gradients, float limit, int from, int to) {
        for (int i = from; i < to; i++) {
            gradients[i] = Math.min(Math.max(gradients[i], -limit), limit);
        }
    }
}
