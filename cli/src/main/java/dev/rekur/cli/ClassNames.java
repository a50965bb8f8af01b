package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.PortNames;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Names of a model's classes, from a file that the user names or the {@value #FILE} beside the model that {@code rekur serve}
 * shows too: a list of names, or an object with {@code labels}, such a list or an object of them by output.
 */
final class ClassNames {
    static final String FILE = "labels.json";

    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    /** Nobody says what classes are called. */
    static final ClassNames NONE = new ClassNames(FILE);

    private final Map<String, List<String>> byOutput = new LinkedHashMap<>();

    /** Where the names come from, for messages. */
    private final String source;

    private ClassNames(String source) {
        this.source = source;
    }

    /**
     * The names that lie beside a model; none if there is no such file.
     *
     * @throws InvalidInputException if the file is something else
     */
    static ClassNames beside(Path model) {
        Path file = model.resolveSibling(FILE);
        return Files.isRegularFile(file) ? read(file) : NONE;
    }

    /**
     * The names in a file: JSON, or a {@code .txt} with one on each line.
     *
     * @throws InvalidInputException if the file is something else
     */
    static ClassNames read(Path file) {
        String name = ArrayFiles.nameOf(file);
        ClassNames names = new ClassNames(name);
        byte[] bytes = ArrayFiles.bytes(file);
        if (ArrayFiles.extension(name).equals("txt")) {
            names.byOutput.put("", ArrayFiles.text(name, bytes).lines().toList());
            return names;
        }
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            names.read(json);
        } catch (JacksonException broken) {
            throw new InvalidInputException(file + ": not JSON: " + broken.getOriginalMessage(), broken);
        }
        return names;
    }

    private void read(JsonParser json) {
        if (json.nextToken() == JsonToken.START_ARRAY) {
            byOutput.put("", texts(json));
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean labels = json.currentName().equals("labels");
            json.nextToken();
            if (labels && json.currentToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String output = json.currentName();
                    json.nextToken();
                    byOutput.put(output, texts(json));
                }
            } else if (labels) {
                byOutput.put("", texts(json));
            } else {
                json.skipChildren();
            }
        }
    }

    private List<String> texts(JsonParser json) {
        List<String> texts = new ArrayList<>();
        boolean list = json.currentToken() == JsonToken.START_ARRAY;
        while (list && json.nextToken() != JsonToken.END_ARRAY) {
            list = json.currentToken() == JsonToken.VALUE_STRING;
            texts.add(json.getString());
        }
        if (!list) {
            throw new InvalidInputException(
                    source + ": expected a list of class names, or an object {\"labels\": [...]}."
                            + " Correct the file or move it away.");
        }
        return texts;
    }

    /** The names of an output's classes, in their order; none if nobody says them. */
    List<String> of(String output) {
        return byOutput.getOrDefault(output, byOutput.getOrDefault("", List.of()));
    }

    /** The same names by the names of a model's outputs; the file may say those of their layers. */
    ClassNames of(PortNames outputs) {
        ClassNames named = new ClassNames(source);
        byOutput.forEach((output, names) -> {
            int index = outputs.indexOf(output);
            named.byOutput.put(index < 0 ? output : outputs.names().get(index), names);
        });
        return named;
    }

    /**
     * Refuses names that are not as many as an output has classes.
     *
     * @param classes one for two names if the output is the probability of the second
     */
    void requireFit(String output, int classes) {
        int found = of(output).size();
        if (found > 0 && found != classes && !(classes == 1 && found == 2)) {
            throw new InvalidInputException(
                    source + ": expected names for the " + classes + " values of output '" + output + "', found "
                            + found,
                    "docs/TROUBLESHOOTING.md#class-names");
        }
    }

    /**
     * Labels as numbers: names as the numbers of their classes, numbers as they are.
     *
     * @param source the file's name, for messages
     * @return {@code [rows]}; whole numbers if all are
     * @throws InvalidInputException if a label is neither
     */
    Tensor numbers(String source, String output, List<String> labels) {
        List<String> names = of(output);
        Shape shape = Shape.of(labels.size());
        Map<String, Integer> classesByName = new HashMap<>();
        names.forEach(name -> classesByName.putIfAbsent(name, classesByName.size()));
        if (classesByName.keySet().containsAll(labels)) {
            return IntTensor.wrap(
                    shape, labels.stream().mapToInt(classesByName::get).toArray());
        }
        float[] values = new float[labels.size()];
        boolean whole = true;
        for (int row = 0; row < values.length; row++) {
            double value = number(source, row, labels.get(row), names);
            values[row] = (float) value;
            whole &= value == (int) value;
        }
        if (!whole) {
            return FloatTensor.wrap(shape, values);
        }
        int[] classes = new int[values.length];
        for (int row = 0; row < values.length; row++) {
            classes[row] = (int) values[row];
        }
        return IntTensor.wrap(shape, classes);
    }

    private double number(String file, int row, String label, List<String> names) {
        try {
            return NumberCells.number(label);
        } catch (NumberFormatException text) {
            throw new InvalidInputException(
                    file + ", row " + row + ": label '" + label + "' is "
                            + (names.isEmpty()
                                    ? "no number. Names of classes need a " + FILE
                                            + " beside the model, or --labels FILE,"
                                            + " a list of them in the order of the output"
                                    : "none of the classes in " + source + ", which are " + names),
                    "docs/TROUBLESHOOTING.md#training-data",
                    text);
        }
    }
}
