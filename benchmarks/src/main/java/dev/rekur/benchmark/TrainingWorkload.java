package dev.rekur.benchmark;

import dev.rekur.Rekur;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.graph.Node;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.Trainer;
import dev.rekur.training.data.Batch;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.optimizer.Adam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A model of the lessons and batches to train it on, made by {@code peers/prepare_training.py} for all peers. Its optimizer is
 * Adam as Keras has it, its loss sparse categorical crossentropy, and it has no metrics.
 */
record TrainingWorkload(Model model, List<Batch> batches) {
    static final int BATCH = 64;
    static final int TIME = 100;
    private static final int CLASSES = 5;
    private static final int VOCABULARY = 10_000;
    private static final long SEED = 20_261_125;

    /** Where the models and the rows are. */
    static Path folder() {
        return Path.of(System.getProperty("rekur.training", "benchmarks/target/training"));
    }

    /**
     * @param model {@code stacked} or {@code residual}
     * @param inputs {@code random} or {@code text} tokens for the stacked model, {@code vectors} for the residual one
     */
    static TrainingWorkload of(String model, String inputs) {
        return new TrainingWorkload(load(model + "-" + TIME), batches(inputs));
    }

    /** The same without dropout, whose random numbers are each peer's own. */
    static TrainingWorkload plain(String model, String inputs) {
        return new TrainingWorkload(load(model + "-plain"), batches(inputs));
    }

    /** Other sizes: random rows. */
    static TrainingWorkload sized(String model, int time, int batch) {
        Random random = new Random(SEED);
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Tensor input;
            if (model.equals("stacked")) {
                int[] tokens = random.ints((long) batch * time, 0, VOCABULARY).toArray();
                input = IntTensor.wrap(Shape.of(batch, time), tokens);
            } else {
                float[] values = new float[batch * time * 128];
                for (int j = 0; j < values.length; j++) {
                    values[j] = (float) random.nextGaussian();
                }
                input = FloatTensor.wrap(Shape.of(batch, time, 128), values);
            }
            int[] labels = random.ints(batch, 0, CLASSES).toArray();
            batches.add(Batch.of(input, IntTensor.wrap(Shape.of(batch), labels)));
        }
        return new TrainingWorkload(load(model + "-" + time), batches);
    }

    private static Model load(String name) {
        Path file = folder().resolve(name + ".keras");
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " is missing: `benchmarks/run train quick` makes it");
        }
        return Rekur.load(file);
    }

    private static List<Batch> batches(String inputs) {
        Map<String, Tensor> arrays = NumpyReader.read(folder().resolve(inputs + ".npz"));
        Tensor x = arrays.get("x");
        Tensor y = arrays.get("y");
        if (x == null || !(y instanceof IntTensor labels)) {
            throw new IllegalStateException(inputs + ".npz: expected x, and y of integers");
        }
        List<Batch> batches = new ArrayList<>();
        for (int first = 0; first + BATCH <= labels.size(); first += BATCH) {
            batches.add(Batch.of(rows(x, first), rows(labels, first)));
        }
        return batches;
    }

    private static Tensor rows(Tensor all, int first) {
        Shape shape = all.shape().withBatch(BATCH);
        int rowSize = shape.size() / BATCH;
        if (all instanceof IntTensor ints) {
            int[] values = new int[shape.size()];
            ints.copyTo(first * rowSize, values, 0, values.length);
            return IntTensor.wrap(shape, values);
        }
        float[] values = new float[shape.size()];
        ((FloatTensor) all).copyTo(first * rowSize, values, 0, values.length);
        return FloatTensor.wrap(shape, values);
    }

    /** A trainer as all peers have it; threads and listeners are the caller's. */
    Trainer trainer() {
        return Trainer.of(model)
                .optimizer(Adam.with())
                .loss("sparse_categorical_crossentropy")
                .metrics(new Metric[0])
                .seed(SEED);
    }

    int batchSize() {
        return batches.get(0).rows();
    }

    /** Bytes of the activations of a batch: the inputs, and what every layer puts out. */
    long activationBytes() {
        long bytes = 0;
        for (Node node : model.graph().nodes()) {
            for (Shape shape : node.shapes()) {
                bytes += 4L * batchSize() * shape.rowSize();
            }
        }
        return bytes;
    }

    /** Number of parameters, all of which are trained. */
    long parameters() {
        return model.graph().layers().stream()
                .flatMap(layer -> layer.weights().stream())
                .mapToLong(spec -> spec.shape().size())
                .sum();
    }
}
