package dev.rekur.training.initializer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A random matrix with orthonormal columns, or rows if it has fewer of these, times {@code gain}; axes before the last
 * count as one. Uniform among all such matrices: Q of the decomposition QR of a matrix of normal numbers, R's diagonal
 * being positive, by Gram and Schmidt's method, each vector orthogonalized twice.
 *
 * <p>Saxe et al., ICLR 2014; that twice is enough: Giraud et al., 2005.
 *
 * @param gain what the matrix is multiplied by
 */
record Orthogonal(double gain) implements Initializer {
    @Override
    public String className() {
        return "Orthogonal";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("seed", null);
        parameters.put("gain", gain);
        return parameters;
    }

    @Override
    public void fill(float[] values, Shape shape, long seed) {
        if (shape.rank() < 2) {
            throw new InvalidInputException(
                    "initializer Orthogonal: expected a shape of two axes or more, found " + shape
                            + ". Choose another initializer",
                    "docs/TROUBLESHOOTING.md#unsupported-training-object");
        }
        int columns = shape.last();
        int rows = shape.size() / Math.max(columns, 1);
        int length = Math.max(rows, columns);
        double[][] vectors = new double[Math.min(rows, columns)][length];
        for (int i = 0; i < vectors.length; i++) {
            for (int k = 0; k < length; k++) {
                vectors[i][k] = RandomNumbers.normal(seed, (long) i * length + k);
            }
            orthonormalize(vectors, i);
        }
        boolean tall = rows >= columns;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                values[r * columns + c] = (float) (gain * (tall ? vectors[c][r] : vectors[r][c]));
            }
        }
    }

    private static void orthonormalize(double[][] vectors, int last) {
        double[] vector = vectors[last];
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < last; i++) {
                double along = dot(vectors[i], vector);
                for (int k = 0; k < vector.length; k++) {
                    vector[k] -= along * vectors[i][k];
                }
            }
        }
        double norm = Math.sqrt(dot(vector, vector));
        for (int k = 0; k < vector.length; k++) {
            vector[k] /= norm;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
