package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where tables have what a model is trained on: in columns named by its inputs and outputs. For the only input {@code text} and
 * {@code x} will do, for the only output {@code label} and {@code y}; {@code sample_weight} says how much rows count.
 */
final class TableColumns {
    private static final List<String> USUAL = List.of(TextTable.LABEL, TrainingArrays.Y);

    private final Graph graph;
    private final PortNames outputs;
    private final ClassNames classes;
    private final ColumnNames names;

    /**
     * @param outputs those that have a loss
     */
    TableColumns(Graph graph, PortNames outputs, ClassNames classes, ColumnNames names) {
        this.graph = graph;
        this.outputs = outputs;
        this.classes = classes;
        this.names = names;
    }

    /**
     * The arrays of a table, by input and output.
     *
     * @param choosing the columns that say which rows were taken; they are no input
     * @throws InvalidInputException if a column is missing, a label is unknown, or a number is none
     */
    Map<String, Tensor> arrays(TextTable table, Collection<String> choosing) {
        names.check(graph.inputPorts(), outputs);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        List<String> taken = new ArrayList<>(choosing);
        for (int i = 0; i < outputs.names().size(); i++) {
            String output = outputs.names().get(i);
            List<String> columns = columns(table, i);
            if (columns.isEmpty()) {
                throw names.missing(table, output, usual());
            }
            taken.addAll(columns);
            arrays.put(TrainingArrays.Y + "/" + output, targets(table, output, columns));
        }
        List<String> weights = names.find(table, List.of(TrainingArrays.SAMPLE_WEIGHT));
        if (!weights.isEmpty()) {
            taken.addAll(weights);
            double[][] numbers = NumberCells.read(table, weights);
            arrays.put(TrainingArrays.SAMPLE_WEIGHT, NumberCells.tensor(shape(numbers), numbers));
        }
        new TableInputs(graph, names)
                .arrays(table, taken)
                .forEach((input, array) -> arrays.put(TrainingArrays.X + "/" + input, array));
        return arrays;
    }

    private List<String> usual() {
        return outputs.names().size() == 1 ? USUAL : List.of();
    }

    private List<String> columns(TextTable table, int output) {
        List<String> known = new ArrayList<>(
                List.of(outputs.names().get(output), outputs.layers().get(output)));
        known.addAll(usual());
        return names.find(table, known);
    }

    /**
     * The arrays of the inputs alone, for those who predict; columns that would be targets are left out.
     *
     * @param choosing the columns that say which rows were taken; they are no input
     * @throws InvalidInputException if a column is missing, or a number is none
     */
    static Map<String, Tensor> inputs(Graph graph, ColumnNames names, TextTable table, Collection<String> choosing) {
        TableColumns columns = new TableColumns(graph, graph.outputPorts(), ClassNames.NONE, names);
        names.check(graph.inputPorts(), graph.outputPorts());
        List<String> taken = new ArrayList<>(choosing);
        for (int i = 0; i < columns.outputs.names().size(); i++) {
            taken.addAll(columns.columns(table, i));
        }
        taken.addAll(names.find(table, List.of(TrainingArrays.SAMPLE_WEIGHT)));
        TableInputs inputs = new TableInputs(graph, names);
        boolean all = inputs.takes(table.columns().size()); // a column y may be a coordinate
        return inputs.arrays(table, all ? List.of() : taken);
    }

    private Tensor targets(TextTable table, String output, List<String> columns) {
        List<String> cells = table.values(columns.get(0));
        if (columns.size() == 1 && !NumberCells.areSequences(cells)) {
            return classes.numbers(table.source(), output, cells);
        }
        double[][] numbers = NumberCells.read(table, columns);
        return NumberCells.tensor(shape(numbers), numbers);
    }

    /** {@code [rows]}, or {@code [rows, numbers]} where there are several in a row. */
    private static Shape shape(double[][] numbers) {
        return numbers[0].length == 1 ? Shape.of(numbers.length) : Shape.of(numbers.length, numbers[0].length);
    }
}
