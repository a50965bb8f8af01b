package dev.rekur.cli;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where tables have what a model is trained on: in columns named by its inputs and outputs. For the only input {@code text} and
 * {@code x} will do, for the only output {@code label} and {@code y}; {@code sample_weight} says how much rows count. Other
 * columns are nobody's business.
 *
 * @param outputs the outputs that have a loss
 * @param named columns by the input or output that they hold (or {@code text} and {@code label}), where the names do not say it
 */
record TableColumns(Graph graph, List<String> outputs, ClassNames classes, Map<String, String> named) {
    private static final List<String> TEXTS = List.of(TextTable.TEXT, TrainingFiles.X);
    private static final List<String> LABELS = List.of(TextTable.LABEL, TrainingFiles.Y);

    /**
     * The arrays of a table, by input and output.
     *
     * @throws InvalidInputException if a column is missing, a label is unknown, or the model takes numbers
     */
    Map<String, Tensor> arrays(TextTable table) {
        List<String> inputs = graph.inputNames();
        for (String name : named.keySet()) {
            boolean usual = inputs.size() == 1 && name.equals(TextTable.TEXT)
                    || outputs.size() == 1 && name.equals(TextTable.LABEL);
            if (!usual && !inputs.contains(name) && !outputs.contains(name)) {
                throw new UsageException("--columns: '" + name + "' is no input and no output; the model's inputs are "
                        + inputs + ", its outputs with a loss " + outputs);
            }
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (graph.kind(graph.inputs().get(i)) != ValueKind.TEXT) {
                throw new InvalidInputException(
                        table.source() + ": the model's input '" + inputs.get(i)
                                + "' takes numbers, and tables are for texts; give a .npz",
                        TrainingFiles.SECTION);
            }
            String[] texts = table.values(column(table, inputs.get(i), inputs.size() == 1 ? TEXTS : List.of()))
                    .toArray(String[]::new);
            arrays.put(inputs.get(i), TextTensor.wrap(Shape.of(texts.length), texts));
        }
        for (String output : outputs) {
            List<String> labels = table.values(column(table, output, outputs.size() == 1 ? LABELS : List.of()));
            arrays.put(output, classes.numbers(table.source(), output, labels));
        }
        if (table.has(TrainingFiles.SAMPLE_WEIGHT)) {
            arrays.put(TrainingFiles.SAMPLE_WEIGHT, weights(table));
        }
        return arrays;
    }

    private String column(TextTable table, String name, List<String> usual) {
        String chosen = Stream.concat(Stream.of(name), usual.stream())
                .map(named::get)
                .filter(column -> column != null)
                .findFirst()
                .orElse("");
        if (!chosen.isEmpty()) {
            return chosen;
        }
        return Stream.concat(Stream.of(name), usual.stream())
                .filter(table::has)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        table.source() + ": expected a column '" + name + "'"
                                + (usual.isEmpty() ? "" : " or '" + String.join("' or '", usual) + "'") + ", found "
                                + String.join(", ", table.columns()) + ". Say which it is: --columns "
                                + (usual.isEmpty() ? name : usual.get(0)) + "="
                                + table.columns().get(0),
                        TrainingFiles.SECTION));
    }

    private static FloatTensor weights(TextTable table) {
        List<String> texts = table.values(TrainingFiles.SAMPLE_WEIGHT);
        float[] weights = new float[texts.size()];
        for (int row = 0; row < weights.length; row++) {
            try {
                weights[row] = Float.parseFloat(texts.get(row));
            } catch (NumberFormatException text) {
                throw new InvalidInputException(
                        table.source() + ", row " + row + ": sample_weight '" + texts.get(row) + "' is no number",
                        text);
            }
        }
        return FloatTensor.wrap(Shape.of(weights.length), weights);
    }
}
