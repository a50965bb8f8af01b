package dev.rekur.training.initializer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code gain} on the diagonal of a matrix, 0 elsewhere.
 *
 * @param gain what stands on the diagonal
 */
record Identity(double gain) implements Initializer {
    @Override
    public String className() {
        return "Identity";
    }

    /** Keras does not write the gain, so that another than 1 is lost when it reads the file again; Rekur writes it. */
    @Override
    public Map<String, Object> parameters() {
        return gain == 1 ? Map.of() : Map.of("gain", gain);
    }

    @Override
    public void fill(float[] values, Shape shape, long seed) {
        if (shape.rank() != 2) {
            throw new InvalidInputException(
                    "initializer Identity: expected the shape of a matrix, found " + shape
                            + ". Choose another initializer",
                    "docs/TROUBLESHOOTING.md#unsupported-training-object");
        }
        int rows = shape.dimension(0);
        int columns = shape.dimension(1);
        Arrays.fill(values, 0, rows * columns, 0f);
        for (int i = 0; i < Math.min(rows, columns); i++) {
            values[i * columns + i] = (float) gain;
        }
    }
}
