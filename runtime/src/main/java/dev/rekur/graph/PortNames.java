package dev.rekur.graph;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names by which callers know a model's inputs, or its outputs. A model that was made with dictionaries has their keys; any
 * other has the names of the layers. Those of the layers are understood in both cases.
 *
 * @param names one for each input or output, in the model's order; unique
 * @param layers the layer that each of them belongs to; a layer with several outputs occurs several times
 */
public record PortNames(List<String> names, List<String> layers) {
    /** Copies the lists. */
    public PortNames {
        names = List.copyOf(names);
        layers = List.copyOf(layers);
    }

    /** Which input or output has a name, or else belongs to the only layer of this name; -1 if none does. */
    public int indexOf(String name) {
        int named = names.indexOf(name);
        if (named >= 0) {
            return named;
        }
        int first = layers.indexOf(name);
        return first == layers.lastIndexOf(name) ? first : -1;
    }

    /**
     * Values in the model's order.
     *
     * @param values by name; there must be one for each and no other
     * @param what {@code "input"} or {@code "output"}, for messages
     * @throws InvalidInputException if one is missing, is there twice, or belongs nowhere
     */
    public <T> List<T> inOrder(Map<String, ? extends T> values, String what) {
        Map<Integer, String> found = new LinkedHashMap<>();
        values.keySet().forEach(name -> claim(found, name, what));
        List<T> ordered = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            T value = found.containsKey(i) ? values.get(found.get(i)) : null;
            if (value == null) {
                throw new InvalidInputException("nothing is given for " + what + " '" + names.get(i) + "'; the model's "
                        + what + "s are " + text() + ", given are " + values.keySet());
            }
            ordered.add(value);
        }
        return ordered;
    }

    private void claim(Map<Integer, String> found, String name, String what) {
        int index = indexOf(name);
        if (index < 0) {
            throw new InvalidInputException(
                    "the model has no " + what + " '" + name + "'; its " + what + "s are " + text());
        }
        String other = found.put(index, name);
        if (other != null) {
            throw new InvalidInputException("'" + other + "' and '" + name + "' are both the " + what + " '"
                    + names.get(index) + "'; give one of them");
        }
    }

    /** Those of them that have one of the given names, in the model's order. */
    public PortNames only(Collection<String> kept) {
        List<String> keptNames = new ArrayList<>();
        List<String> keptLayers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (kept.contains(names.get(i))) {
                keptNames.add(names.get(i));
                keptLayers.add(layers.get(i));
            }
        }
        return new PortNames(keptNames, keptLayers);
    }

    /** For messages: the names, with that of the layer where it is another. */
    public String text() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String layer = layers.get(i);
            boolean known = indexOf(layer) == i && !layer.equals(names.get(i));
            texts.add(names.get(i) + (known ? " (layer " + layer + ")" : ""));
        }
        return texts.toString();
    }
}
