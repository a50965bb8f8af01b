package dev.rekur.training.regularizer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Shape;
import java.util.Locale;
import java.util.Map;

/**
 * The mean size of the cosines between rows, or columns, of a matrix: with {@code n} vectors {@code a} and {@code u = a
 * min(1 / |a|, 1e7)},
 *
 * <pre>{@code
 * R      = factor sum[i < j] |u[i] . u[j]| / (n (n - 1) / 2)
 * dR/da  = factor sum[j] sign(c) (u[j] - c u[i]) / |a[i]| / (n (n - 1) / 2),      c = u[i] . u[j]
 * }</pre>
 *
 * <p>A vector of zeros, of which Keras's derivative is NaN, has derivative 0 here. A matrix of one vector costs nothing;
 * Keras divides by 0.
 *
 * @param factor what orthogonality is worth
 * @param mode which vectors
 */
public record OrthogonalRegularizer(double factor, Mode mode) implements Regularizer {
    private static final double MOST_INVERSE_NORM = 1e7;

    /** Which vectors are to be orthogonal. */
    public enum Mode {
        ROWS,
        COLUMNS
    }

    @Override
    public String className() {
        return "OrthogonalRegularizer";
    }

    @Override
    public Map<String, Object> parameters() {
        return Map.of("factor", factor, "mode", mode.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void check(String weight, Shape shape) {
        if (shape.rank() != 2) {
            throw new InvalidInputException(
                    "weight '" + weight + "': an OrthogonalRegularizer needs a matrix, found shape " + shape
                            + ". Remove it, or use L1, L2 or L1L2",
                    "docs/TROUBLESHOOTING.md#unsupported-training-object");
        }
    }

    @Override
    public double value(float[] weights, Shape shape) {
        Vectors vectors = new Vectors(weights, shape, mode);
        double sum = 0;
        for (int i = 0; i < vectors.count; i++) {
            for (int j = i + 1; j < vectors.count; j++) {
                sum += Math.abs(vectors.cosine(i, j));
            }
        }
        return sum * weightOfPair(vectors.count);
    }

    @Override
    public void addGradient(float[] weights, Shape shape, float[] gradient) {
        Vectors vectors = new Vectors(weights, shape, mode);
        double weight = weightOfPair(vectors.count);
        for (int i = 0; i < vectors.count; i++) {
            double own = vectors.inverseNorm(i);
            for (int j = 0; j < vectors.count; j++) {
                double cosine = j == i || own > MOST_INVERSE_NORM ? 0 : vectors.cosine(i, j);
                if (cosine != 0) {
                    double other = Math.min(vectors.inverseNorm(j), MOST_INVERSE_NORM);
                    double scale = weight * Math.signum(cosine) * own;
                    for (int k = 0; k < vectors.length; k++) {
                        double along = cosine * vectors.at(i, k) * own;
                        gradient[vectors.index(i, k)] += (float) (scale * (vectors.at(j, k) * other - along));
                    }
                }
            }
        }
    }

    private double weightOfPair(int count) {
        return count < 2 ? 0 : factor / (count * (count - 1.0) / 2);
    }

    /** Rows or columns of a matrix, in place. */
    private static final class Vectors {
        private final float[] weights;
        private final int vectorStride;
        private final int stride;
        final int count;
        final int length;

        Vectors(float[] weights, Shape shape, Mode mode) {
            this.weights = weights;
            int rows = shape.dimension(0);
            int columns = shape.dimension(1);
            boolean byRow = mode == Mode.ROWS;
            count = byRow ? rows : columns;
            length = byRow ? columns : rows;
            vectorStride = byRow ? columns : 1;
            stride = byRow ? 1 : columns;
        }

        int index(int vector, int k) {
            return vector * vectorStride + k * stride;
        }

        double at(int vector, int k) {
            return weights[index(vector, k)];
        }

        double inverseNorm(int vector) {
            return 1 / Math.sqrt(dot(vector, vector));
        }

        double cosine(int i, int j) {
            return dot(i, j)
                    * Math.min(inverseNorm(i), MOST_INVERSE_NORM)
                    * Math.min(inverseNorm(j), MOST_INVERSE_NORM);
        }

        private double dot(int i, int j) {
            double sum = 0;
            for (int k = 0; k < length; k++) {
                sum += at(i, k) * at(j, k);
            }
            return sum;
        }
    }
}
