package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import dev.rekur.graph.PortNames;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The arrays of a file, told apart by their names: inputs and outputs have their keys or the names of their layers, with {@code
 * x/} and {@code y/} before them if they like. The only input may be {@code x}, the only output {@code y}. {@code sample_weight},
 * or {@code sample_weight_} or {@code sample_weight/} and an output, says how much rows count.
 *
 * @param inputs by the names of the inputs
 * @param targets by the names of the outputs
 * @param weights by the names of the outputs; {@code ""} for those of all
 * @param unknown what belongs nowhere
 */
record TrainingArrays(
        Map<String, Tensor> inputs, Map<String, Tensor> targets, Map<String, Tensor> weights, List<String> unknown) {
    static final String X = "x";
    static final String Y = "y";
    static final String SAMPLE_WEIGHT = "sample_weight";

    private enum Part {
        INPUT,
        TARGET,
        WEIGHT,
        UNKNOWN
    }

    private record Place(Part part, String name) {
        private static final Place NOWHERE = new Place(Part.UNKNOWN, "");
    }

    /**
     * Tells arrays apart.
     *
     * @param only the name of the only output that is meant, which {@code y} may stand for; else empty
     */
    static TrainingArrays of(Map<String, Tensor> arrays, PortNames inputs, PortNames outputs, String only) {
        TrainingArrays found = new TrainingArrays(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        new TreeMap<>(arrays).forEach((name, array) -> {
            Place place = place(name, inputs, outputs, only);
            switch (place.part()) {
                case INPUT -> found.inputs.put(place.name(), array);
                case TARGET -> found.targets.put(place.name(), array);
                case WEIGHT -> found.weights.put(place.name(), array);
                case UNKNOWN -> found.unknown.add(name);
            }
        });
        return found;
    }

    /** For the names that belong nowhere, those that were probably meant, as the end of a sentence. */
    String meant(PortNames inputs, PortNames outputs) {
        List<String> known = new ArrayList<>();
        for (PortNames ports : List.of(inputs, outputs)) {
            known.addAll(ports.names());
            known.addAll(ports.layers());
        }
        List<String> meant = unknown.stream()
                .flatMap(name -> Misspelling.alike(known, name).limit(1))
                .toList();
        return meant.isEmpty() ? "." : "; did you mean " + String.join(", ", meant) + "?";
    }

    private static Place place(String name, PortNames inputs, PortNames outputs, String only) {
        if (inputs.names().contains(name)) {
            return new Place(Part.INPUT, name);
        }
        if (outputs.names().contains(name)) {
            return new Place(Part.TARGET, name);
        }
        if (inputs.indexOf(name) >= 0) {
            return new Place(Part.INPUT, name);
        }
        if (outputs.indexOf(name) >= 0) {
            return new Place(Part.TARGET, name);
        }
        if (name.equals(X) && inputs.names().size() == 1) {
            return new Place(Part.INPUT, inputs.names().get(0));
        }
        if (name.equals(Y) && !only.isEmpty()) {
            return new Place(Part.TARGET, only);
        }
        if (name.equals(SAMPLE_WEIGHT)) {
            return new Place(Part.WEIGHT, "");
        }
        return prefixed(name, inputs, outputs);
    }

    private static Place prefixed(String name, PortNames inputs, PortNames outputs) {
        for (String separator : List.of("/", "_")) {
            String prefix = SAMPLE_WEIGHT + separator;
            if (name.startsWith(prefix) && outputs.indexOf(name.substring(prefix.length())) >= 0) {
                return new Place(Part.WEIGHT, name.substring(prefix.length()));
            }
        }
        if (name.startsWith(X + "/") && inputs.indexOf(name.substring(2)) >= 0) {
            return new Place(Part.INPUT, name.substring(2));
        }
        if (name.startsWith(Y + "/") && outputs.indexOf(name.substring(2)) >= 0) {
            return new Place(Part.TARGET, name.substring(2));
        }
        return Place.NOWHERE;
    }

    /**
     * Arrays in the order of a model's inputs or outputs.
     *
     * @param what {@code "input"} or {@code "output"}, for messages
     * @param instead the name that stands for the only one
     * @throws InvalidInputException if one is missing, or there twice
     */
    static List<Tensor> inOrder(
            PortNames ports, Map<String, Tensor> arrays, String what, String instead, String file, String section) {
        List<Integer> found = arrays.keySet().stream().map(ports::indexOf).toList();
        for (int i = 0; i < ports.names().size(); i++) {
            if (!found.contains(i)) {
                throw new InvalidInputException(
                        file + ": no array '"
                                + ports.names().get(i) + "'"
                                + (ports.names().size() == 1 ? " or '" + instead + "'" : "") + " for the model's "
                                + what
                                + "; the model's " + what + "s are " + ports.text() + ", the file has "
                                + (arrays.isEmpty() ? "none of them" : arrays.keySet() + " of them"),
                        section);
            }
        }
        try {
            return ports.inOrder(arrays, what);
        } catch (InvalidInputException mismatch) {
            throw new InvalidInputException(file + ": " + mismatch.getMessage(), section, mismatch);
        }
    }
}
