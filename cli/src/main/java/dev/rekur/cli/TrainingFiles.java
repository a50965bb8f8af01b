package dev.rekur.cli;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import dev.rekur.training.ArrayDataset;
import dev.rekur.training.Dataset;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what a model is trained on. Arrays are named by the model's inputs and outputs; where it has one, {@code x} and {@code
 * y} will do. {@code sample_weight}, or {@code sample_weight_} and an output's name, says how much rows count.
 */
final class TrainingFiles {
    static final String X = "x";
    static final String Y = "y";
    static final String SAMPLE_WEIGHT = "sample_weight";
    static final String SECTION = "docs/TROUBLESHOOTING.md#training-data";

    private final Graph graph;
    private final List<String> outputs;
    private final ClassNames classes;
    private final TableColumns columns;

    /**
     * @param outputs the outputs that have a loss
     * @param columns where tables have what the model needs
     */
    TrainingFiles(Graph graph, List<String> outputs, ClassNames classes, TableColumns columns) {
        this.graph = graph;
        this.outputs = outputs;
        this.classes = classes;
        this.columns = columns;
    }

    /**
     * Reads a file.
     *
     * @param file a {@code .npz} or {@code .json}, for models of texts also a {@code .csv} or {@code .txt}, perhaps with {@code
     *     .gz}, or {@code -} for JSON on standard input
     * @param rows what the columns of the rows to take must hold; empty for all rows
     * @throws InvalidInputException if it is not what the model can be trained on
     */
    ArrayDataset read(String file, Map<String, String> rows, InputStream in) {
        boolean table = TextTable.isTable(file);
        if (!table && !(rows.isEmpty() && columns.named().isEmpty())) {
            throw new UsageException(file + ": --rows and --columns are for tables, .csv or .txt");
        }
        if (!table && ArrayFiles.extension(file).equals("npy")) {
            throw new InvalidInputException(
                    file + ": a .npy holds one array, but training needs inputs and targets; give a .npz", SECTION);
        }
        Map<String, Tensor> arrays =
                new TreeMap<>(table ? columns.arrays(TextTable.read(file).where(rows)) : ArrayFiles.read(file, in));
        arrays.forEach((name, array) -> {
            if (array.shape().rank() == 0) {
                throw new InvalidInputException(file + ", array '" + name + "': expected rows, found a single value");
            }
        });
        List<Tensor> inputs = new ArrayList<>();
        for (String input : graph.inputNames()) {
            inputs.add(take(arrays, file, "input", input, graph.inputNames().size() == 1 ? X : input));
        }
        List<Tensor> targets = new ArrayList<>();
        for (String output : outputs) {
            Tensor found = take(arrays, file, "output", output, outputs.size() == 1 ? Y : output);
            targets.add(
                    found instanceof TextTensor names
                            ? classes.numbers(file, output, Arrays.asList(names.toArray()))
                            : found);
        }
        List<FloatTensor> weights = weights(arrays, file, inputs.get(0).shape().dimension(0));
        arrays.keySet().removeAll(graph.outputNames()); // outputs without a loss
        if (!arrays.isEmpty()) {
            throw new InvalidInputException(
                    file + ": arrays " + arrays.keySet() + " belong to no input and no output; the"
                            + " model's inputs are " + graph.inputNames() + ", its outputs " + graph.outputNames()
                            + ". Remove them, so that nothing is ignored by mistake",
                    SECTION);
        }
        try {
            return Dataset.of(inputs, targets, weights);
        } catch (InvalidInputException mismatch) {
            throw mismatch.within(file.toString());
        }
    }

    private static Tensor take(Map<String, Tensor> arrays, String file, String what, String name, String otherName) {
        Tensor named = arrays.remove(name);
        Tensor found = named == null ? arrays.remove(otherName) : named;
        if (found == null) {
            throw new InvalidInputException(
                    file + ": no array '" + name + "'"
                            + (otherName.equals(name) ? "" : " or '" + otherName + "'") + " for the model's " + what
                            + "; what is left of the file is " + arrays.keySet(),
                    SECTION);
        }
        return found;
    }

    private List<FloatTensor> weights(Map<String, Tensor> arrays, String file, int rows) {
        Tensor common = arrays.remove(SAMPLE_WEIGHT);
        if (common != null) {
            return List.of(floats(file, SAMPLE_WEIGHT, common));
        }
        List<FloatTensor> weights = new ArrayList<>();
        boolean any = false;
        for (String output : outputs) {
            String name = SAMPLE_WEIGHT + "_" + output;
            Tensor own = arrays.remove(name);
            any |= own != null;
            weights.add(own == null ? ones(rows) : floats(file, name, own));
        }
        return any ? weights : List.of();
    }

    private static FloatTensor ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return FloatTensor.wrap(Shape.of(rows), ones);
    }

    private static FloatTensor floats(String file, String name, Tensor tensor) {
        if (tensor instanceof FloatTensor floats) {
            return floats;
        }
        if (!(tensor instanceof IntTensor ints)) {
            throw new InvalidInputException(file + ", array '" + name + "': expected numbers, found texts", SECTION);
        }
        float[] values = new float[ints.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ints.get(i);
        }
        return FloatTensor.wrap(ints.shape(), values);
    }
}
