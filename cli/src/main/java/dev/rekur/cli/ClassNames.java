package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.server.Labels;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Names of a model's classes, from a file that the user names or the one beside the model that {@code rekur serve} shows, too. */
final class ClassNames {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#class-names";

    /** Nobody says what classes are called. */
    static final ClassNames NONE = new ClassNames(Labels.FILE, Labels.NONE);

    /** Where the names come from, for messages. */
    private final String source;

    private final Labels labels;

    private ClassNames(String source, Labels labels) {
        this.source = source;
        this.labels = labels;
    }

    /**
     * The names in a file: JSON, or a {@code .txt} with one on each line.
     *
     * @param outputs of the model, whose names or layers the file may say
     * @throws InvalidInputException if the file is something else
     */
    static ClassNames read(Path file, PortNames outputs) {
        String name = ArrayFiles.nameOf(file);
        byte[] bytes = ArrayFiles.bytes(file);
        Labels labels = ArrayFiles.extension(name).equals("txt")
                ? Labels.of(ArrayFiles.text(name, bytes).lines().toList())
                : Labels.parse(name, bytes);
        return new ClassNames(name, labels.named(outputs));
    }

    /** The names of an output's classes, in their order; none if nobody says them. */
    List<String> of(String output) {
        return labels.of(output);
    }

    /** Refuses a file that says nothing, speaks of outputs that are not there, or has other classes than an output. */
    void requireFit(Graph graph) {
        PortNames outputs = graph.outputPorts();
        if (labels.byOutput().values().stream().allMatch(List::isEmpty)) {
            throw new InvalidInputException(
                    source, "expected names of classes, found none", "Write one for each class.", SECTION);
        }
        labels.byOutput().keySet().stream()
                .filter(output -> !output.isEmpty() && !outputs.names().contains(output))
                .findFirst()
                .ifPresent(output -> {
                    throw new InvalidInputException(
                            source,
                            "'" + output + "' is no output; the model's outputs are " + outputs.text(),
                            "Give the names of classes by output.",
                            SECTION);
                });
        for (int output = 0; output < graph.outputs().size(); output++) {
            Shape shape = graph.shape(graph.outputs().get(output));
            if (shape.rank() > 0 && shape.last() != Shape.UNKNOWN) {
                requireFit(outputs, outputs.names().get(output), shape.last());
            }
        }
    }

    private void requireFit(PortNames outputs, String output, int values) {
        List<String> names = of(output);
        if (!names.isEmpty() && !Labels.fit(names, values)) {
            boolean several = outputs.names().size() > 1;
            throw new InvalidInputException(
                    source,
                    "expected names for the " + values + " values of output '" + output + "', found " + names.size(),
                    several
                            ? "Give them by output, as {\"labels\": {\"" + output + "\": [...]}} in a .json; an output"
                                    + " without names may be left out."
                            : "",
                    SECTION);
        }
    }

    /**
     * The number of the class that has a name; empty if none has.
     *
     * @param place where the name stands, for messages
     * @throws InvalidInputException if several have it
     */
    OptionalInt number(String output, String name, String place) {
        List<String> names = of(output);
        int first = names.indexOf(name);
        int last = names.lastIndexOf(name);
        if (first != last) {
            throw new InvalidInputException(
                    place,
                    "label '" + name + "' is the name of the classes " + first + " and " + last + " in " + source,
                    "Give each class a name of its own, or numbers of classes as labels.",
                    SECTION);
        }
        return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
    }

    /**
     * Labels as numbers: those of the classes if they are names, or else as they are.
     *
     * @param source the file's name, for messages
     * @return {@code [rows]}; whole numbers if all are
     * @throws InvalidInputException if a label is neither, or names and numbers are mixed
     */
    Tensor numbers(String source, String output, List<String> labels) {
        List<String> classes = of(output);
        Set<String> names = new HashSet<>(classes);
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (int row = 0; row < labels.size(); row++) {
            rows.putIfAbsent(labels.get(row), row);
        }
        Map<String, Double> values = new HashMap<>();
        List<String> numbers = new ArrayList<>();
        rows.forEach((label, row) -> {
            if (names.contains(label)) {
                values.put(
                        label, (double) number(output, label, row(source, row)).orElseThrow());
            } else {
                values.put(
                        label, NumberCells.parse(label).orElseThrow(() -> unknown(row(source, row), label, classes)));
                numbers.add(label);
            }
        });
        if (!numbers.isEmpty() && numbers.size() < rows.size()) {
            throw unknown(row(source, rows.getOrDefault(numbers.get(0), 0)), numbers.get(0), classes);
        }
        double[][] cells = new double[labels.size()][];
        for (int row = 0; row < cells.length; row++) {
            cells[row] = new double[] {values.getOrDefault(labels.get(row), Double.NaN)};
        }
        return NumberCells.tensor(Shape.of(cells.length), cells);
    }

    private static String row(String source, int row) {
        return source + ", row " + row;
    }

    private InvalidInputException unknown(String place, String label, List<String> classes) {
        return classes.isEmpty()
                ? new InvalidInputException(
                        place,
                        "label '" + label + "' is no number",
                        "Names of classes need a " + Labels.FILE
                                + " beside the model, or --labels FILE, a list of them in"
                                + " the order of the output.",
                        TrainingFiles.SECTION)
                : new InvalidInputException(
                        place,
                        "label '" + label + "' is none of the classes in " + source + ", which are "
                                + NumberCells.brief(classes),
                        "Correct the label, or the names.",
                        TrainingFiles.SECTION);
    }
}
