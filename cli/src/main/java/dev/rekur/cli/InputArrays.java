package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.tensor.Tensor;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the array that belongs to each input of a model, by the key or the layer of the input. A single input takes the only array
 * there is, or {@code x}. A file made for training may have targets and sample weights besides.
 */
final class InputArrays {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#names-of-arrays";

    private final Graph graph;
    private final TableOptions table;
    private final PortNames inputs;
    private final PortNames outputs;
    private final Consumer<String> notes;

    /**
     * @param table where tables have the inputs
     * @param notes is told what is left out
     */
    InputArrays(Graph graph, TableOptions table, Consumer<String> notes) {
        this.graph = graph;
        this.table = table;
        this.inputs = graph.inputPorts();
        this.outputs = graph.outputPorts();
        this.notes = notes;
    }

    /**
     * Reads a file, and gives the arrays of the inputs, in their order.
     *
     * @param file a {@code .npz}, {@code .npy}, {@code .json}, {@code .csv} or {@code .txt}, or {@code -} for JSON
     * @param in standard input
     * @throws InvalidInputException if it is broken, or not what the model takes
     */
    List<Tensor> read(String file, InputStream in) {
        if (TextTable.isCsv(file)) {
            RowChoice rows = RowChoice.of(table.rows());
            ColumnNames names = new ColumnNames(table.columns());
            return inOrder(TableColumns.inputs(graph, names, rows.of(TextTable.read(file)), rows.columns()), file);
        }
        if (!(table.rows().isEmpty() && table.columns().isEmpty())) {
            throw new UsageException(file + ": --rows and --columns are for tables, .csv");
        }
        return inOrder(ArrayFiles.read(file, in), file);
    }

    /**
     * The arrays of the inputs, in their order.
     *
     * @param file the file's name, for messages
     * @throws InvalidInputException if one is missing, or one is there that belongs to no input
     */
    private List<Tensor> inOrder(Map<String, Tensor> arrays, String file) {
        boolean single = inputs.names().size() == 1;
        if (single && arrays.size() == 1) {
            return List.copyOf(arrays.values());
        }
        if (arrays.keySet().equals(Set.of(""))) {
            throw new InvalidInputException(
                    file + ": the model has " + inputs.names().size() + " inputs " + inputs.text()
                            + ", but the file holds one array without a name; give a .npz or a JSON object with these names",
                    SECTION);
        }
        TrainingArrays found =
                TrainingArrays.of(arrays, inputs, outputs, outputs.names().get(0));
        if (!found.unknown().isEmpty()) {
            throw new InvalidInputException(
                    file + ": arrays " + found.unknown()
                            + " belong to no input" + found.meant(inputs, outputs)
                            + " The model's inputs are " + inputs.text()
                            + ". Remove them, so that nothing is ignored by mistake",
                    SECTION);
        }
        List<Tensor> given = TrainingArrays.inOrder(inputs, found.inputs(), "input", TrainingArrays.X, file, SECTION);
        if (!(found.targets().isEmpty() && found.weights().isEmpty())) {
            notes.accept(file + ": targets and sample weights are for training; they are not read");
        }
        return given;
    }
}
