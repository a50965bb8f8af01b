package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The inputs of a model in the columns of a table. */
final class TableInputs {
    private static final List<String> USUAL = List.of(TextTable.TEXT, TrainingArrays.X);

    private final Graph graph;
    private final ColumnNames names;

    TableInputs(Graph graph, ColumnNames names) {
        this.graph = graph;
        this.names = names;
    }

    /**
     * The arrays of the inputs, by name.
     *
     * @param others columns that are something else; the only input takes the rest, if nothing says what it is
     * @throws InvalidInputException if columns are missing, or hold something else than the model takes
     */
    Map<String, Tensor> arrays(TextTable table, Collection<String> others) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        List<String> inputs = graph.inputNames();
        for (int i = 0; i < inputs.size(); i++) {
            arrays.put(inputs.get(i), tensor(table, i, columns(table, i, others)));
        }
        return arrays;
    }

    private List<String> columns(TextTable table, int input, Collection<String> others) {
        String name = graph.inputNames().get(input);
        List<String> own = List.of(name, graph.inputPorts().layers().get(input));
        if (graph.inputNames().size() > 1) {
            List<String> found = names.find(table, own);
            if (found.isEmpty()) {
                throw names.missing(table, name, List.of());
            }
            return found;
        }
        List<String> rest = new ArrayList<>(table.columns());
        rest.removeAll(others);
        List<String> all = Stream.concat(own.stream(), USUAL.stream()).toList();
        return Stream.<Supplier<List<String>>>of(
                        () -> names.chosen(table, all),
                        () -> ColumnNames.alone(table, own),
                        () -> ColumnNames.numbered(table, all),
                        () -> takes(rest.size()) ? rest : List.of(),
                        () -> ColumnNames.alone(table, USUAL),
                        () -> graph.kind(graph.inputs().get(0)) != ValueKind.TEXT || rest.size() == 1
                                ? rest
                                : List.of())
                .map(Supplier::get)
                .filter(columns -> !columns.isEmpty())
                .findFirst()
                .orElseThrow(() -> names.missing(table, name, USUAL));
    }

    /** Whether the model has one input, of numbers, that takes exactly so many of them in a row. */
    boolean takes(int columns) {
        Value only = graph.inputs().get(0);
        Shape shape = graph.shape(only);
        return graph.inputs().size() == 1
                && graph.kind(only) != ValueKind.TEXT
                && shape.rank() > 0
                && shape.withBatch(1).isKnown()
                && shape.rowSize() == columns;
    }

    private Tensor tensor(TextTable table, int input, List<String> columns) {
        Shape shape = graph.shape(graph.inputs().get(input));
        if (graph.kind(graph.inputs().get(input)) == ValueKind.TEXT) {
            return texts(table, input, shape, columns);
        }
        double[][] rows = NumberCells.read(table, columns);
        return NumberCells.tensor(filled(table, input, shape, columns, rows.length, rows[0].length), rows);
    }

    private Tensor texts(TextTable table, int input, Shape shape, List<String> columns) {
        int rows = table.rows().size();
        if (columns.size() == 1) {
            return TextTensor.wrap(Shape.of(rows), table.values(columns.get(0)).toArray(String[]::new));
        }
        Shape filled = filled(table, input, shape, columns, rows, columns.size());
        String[] texts = new String[rows * columns.size()];
        for (int column = 0; column < columns.size(); column++) {
            List<String> values = table.values(columns.get(column));
            for (int row = 0; row < rows; row++) {
                texts[row * columns.size() + column] = values.get(row);
            }
        }
        return TextTensor.wrap(filled, texts);
    }

    /** The input's shape with so many rows, and an extent that it leaves open as the numbers in a row have it. */
    private Shape filled(TextTable table, int input, Shape shape, List<String> columns, int rows, int count) {
        int[] extents = shape.dimensions();
        long known = 1;
        int open = 0;
        for (int axis = 1; axis < extents.length; axis++) {
            known *= extents[axis] == Shape.UNKNOWN ? 1 : extents[axis];
            open += extents[axis] == Shape.UNKNOWN ? 1 : 0;
        }
        if (open > 1 || known == 0 || count % known != 0 || open == 0 && count != known) {
            String name = graph.inputNames().get(input);
            throw new InvalidInputException(
                    table.source() + ": input '" + name + "' takes " + shape + ", "
                            + (open > 1
                                    ? "whose extents no table can tell; give a .npz"
                                    : known + " values a row"
                                            + (open == 1 ? " and step" : "") + ", found " + count + " in the columns "
                                            + NumberCells.brief(columns) + ". Say which belong to it: --columns " + name
                                            + "=A+B+C"),
                    TextTable.SECTION);
        }
        for (int axis = 0; axis < extents.length; axis++) {
            if (axis == 0) {
                extents[0] = rows;
            } else if (extents[axis] == Shape.UNKNOWN) {
                extents[axis] = (int) (count / known);
            }
        }
        return Shape.of(extents);
    }
}
