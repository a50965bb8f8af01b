package dev.rekur.benchmark;

import dev.rekur.Rekur;
import dev.rekur.layer.core.Embedding;
import dev.rekur.model.Model;
import java.nio.file.Path;
import java.util.Random;

/** A model of the lessons and a batch for it: the same for every peer, from a fixed seed. */
final class Workload {
    private static final long SEED = 20_261_123;

    private final Model model;
    private final int batch;
    private final int rowSize;
    private final int outputSize;
    private final int[] tokens;
    private final float[] values;

    private Workload(Model model, int batch) {
        this.model = model;
        this.batch = batch;
        this.rowSize = size(model.graph().shape(model.graph().inputs().get(0)).dimensions());
        this.outputSize =
                size(model.graph().shape(model.graph().outputs().get(0)).dimensions());
        Random random = new Random(SEED);
        int vocabulary = model.graph().layers().stream()
                .filter(layer -> layer.layer() instanceof Embedding)
                .mapToInt(layer -> ((Embedding) layer.layer()).inputDim())
                .findFirst()
                .orElse(0);
        tokens = new int[vocabulary == 0 ? 0 : batch * rowSize];
        values = new float[vocabulary == 0 ? batch * rowSize : 0];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = random.nextInt(vocabulary);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
    }

    /**
     * @param name {@code stacked} or {@code residual}
     */
    static Workload of(String name, int batch) {
        return new Workload(Rekur.load(file(name)), batch);
    }

    static Path file(String name) {
        String folder =
                switch (name) {
                    case "stacked" -> "lesson_1_stacked";
                    case "residual" -> "lesson_2_residual";
                    default -> throw new IllegalArgumentException("no such model: " + name);
                };
        return Path.of(System.getProperty("rekur.fixtures", "fixtures/golden"), folder, "model.keras");
    }

    private static int size(int[] dimensions) {
        int size = 1;
        for (int axis = 1; axis < dimensions.length; axis++) {
            size *= dimensions[axis];
        }
        return size;
    }

    Model model() {
        return model;
    }

    int batch() {
        return batch;
    }

    boolean takesTokens() {
        return tokens.length > 0;
    }

    /** Token ids, row by row; empty for a model that takes floats. */
    int[] tokens() {
        return tokens;
    }

    /** Floats, row by row; empty for a model that takes tokens. */
    float[] values() {
        return values;
    }

    int rowSize() {
        return rowSize;
    }

    int outputSize() {
        return outputSize;
    }
}
