package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Dataset;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what a model is trained on; {@link TrainingArrays} says how arrays are named.
 */
final class TrainingFiles {
    static final String SECTION = "docs/TROUBLESHOOTING.md#training-data";

    private final Graph graph;
    private final PortNames scored;
    private final ClassNames classes;
    private final TableColumns columns;
    private final Map<String, String> named;

    /**
     * @param outputs the outputs that have a loss
     * @param named columns of tables by input and output, where their names do not say it
     */
    TrainingFiles(Graph graph, List<String> outputs, ClassNames classes, Map<String, String> named) {
        this.graph = graph;
        this.scored = graph.outputPorts().only(outputs);
        this.classes = classes;
        this.columns = new TableColumns(graph, scored, classes, new ColumnNames(named));
        this.named = named;
    }

    /**
     * Reads a file.
     *
     * @param file a {@code .npz}, {@code .json} or {@code .csv}, for models of texts also a {@code .txt}, tables perhaps with {@code
     *     .gz}, or {@code -} for JSON on standard input
     * @param rows which rows of a table to take
     * @throws InvalidInputException if it is not what the model can be trained on
     */
    ArrayDataset read(String file, RowChoice rows, InputStream in) {
        boolean table = TextTable.isTable(file);
        if (!table && !(rows.isAll() && named.isEmpty())) {
            throw new UsageException(file + ": --rows and --columns are for tables, .csv or .txt");
        }
        if (!table && ArrayFiles.extension(file).equals("npy")) {
            throw new InvalidInputException(
                    file + ": a .npy holds one array, but training needs inputs and targets; give a .npz", SECTION);
        }
        Map<String, Tensor> arrays = new TreeMap<>(
                table ? columns.arrays(rows.of(TextTable.read(file)), rows.columns()) : ArrayFiles.read(file, in));
        arrays.forEach((name, array) -> {
            if (array.shape().rank() == 0) {
                throw new InvalidInputException(file + ", array '" + name + "': expected rows, found a single value");
            }
        });
        PortNames outputs = graph.outputPorts();
        TrainingArrays found = TrainingArrays.of(
                arrays,
                graph.inputPorts(),
                outputs,
                scored.names().size() == 1 ? scored.names().get(0) : "");
        if (!found.unknown().isEmpty()) {
            throw new InvalidInputException(
                    file + ": arrays " + found.unknown()
                            + " belong to no input and no output" + found.meant(graph.inputPorts(), outputs)
                            + " The model's inputs are "
                            + graph.inputPorts().text() + ", its outputs " + outputs.text()
                            + ". Remove them, so that nothing is ignored by mistake",
                    SECTION);
        }
        List<Tensor> inputs =
                TrainingArrays.inOrder(graph.inputPorts(), found.inputs(), "input", TrainingArrays.X, file, SECTION);
        List<Tensor> targets = new ArrayList<>();
        List<Tensor> given =
                TrainingArrays.inOrder(scored, withLoss(found.targets()), "output", TrainingArrays.Y, file, SECTION);
        for (int i = 0; i < given.size(); i++) {
            targets.add(
                    given.get(i) instanceof TextTensor names
                            ? classes.numbers(file, scored.names().get(i), Arrays.asList(names.toArray()))
                            : given.get(i));
        }
        List<FloatTensor> weights =
                weights(withLoss(found.weights()), file, inputs.get(0).shape().dimension(0));
        try {
            return Dataset.of(inputs, targets, weights);
        } catch (InvalidInputException mismatch) {
            throw mismatch.within(file.toString());
        }
    }

    /** Without arrays for outputs that have no loss, which nobody needs. */
    private Map<String, Tensor> withLoss(Map<String, Tensor> arrays) {
        Map<String, Tensor> kept = new LinkedHashMap<>(arrays);
        kept.keySet()
                .removeIf(name -> !name.isEmpty()
                        && !scored.names()
                                .contains(graph.outputNames()
                                        .get(graph.outputPorts().indexOf(name))));
        return kept;
    }

    private List<FloatTensor> weights(Map<String, Tensor> arrays, String file, int rows) {
        Tensor common = arrays.remove("");
        if (common != null && !arrays.isEmpty()) {
            throw new InvalidInputException(
                    file + ": '" + TrainingArrays.SAMPLE_WEIGHT + "' is for all outputs; it excludes sample weights of "
                            + arrays.keySet(),
                    SECTION);
        }
        if (common != null) {
            return List.of(floats(file, TrainingArrays.SAMPLE_WEIGHT, common));
        }
        if (arrays.isEmpty()) {
            return List.of();
        }
        List<FloatTensor> weights = new ArrayList<>();
        scored.names().forEach(name -> weights.add(ones(rows)));
        arrays.forEach((name, array) ->
                weights.set(scored.indexOf(name), floats(file, TrainingArrays.SAMPLE_WEIGHT + "_" + name, array)));
        return weights;
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
