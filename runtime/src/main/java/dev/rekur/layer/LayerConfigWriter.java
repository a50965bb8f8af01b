package dev.rekur.layer;

import dev.rekur.kernel.Activation;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the configuration of a Keras object key by key, as the newest Keras that Rekur follows does; {@link LayerConfig} reads it. */
public final class LayerConfigWriter {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Begins with nothing. */
    public LayerConfigWriter() {}

    /** Writes null. */
    public LayerConfigWriter none(String key) {
        values.put(key, null);
        return this;
    }

    /** Writes a flag. */
    public LayerConfigWriter put(String key, boolean value) {
        values.put(key, value);
        return this;
    }

    /** Writes a whole number. */
    public LayerConfigWriter put(String key, long value) {
        values.put(key, value);
        return this;
    }

    /** Writes a number. */
    public LayerConfigWriter put(String key, double value) {
        values.put(key, value);
        return this;
    }

    /** Writes a number of single precision, with as few digits as tell it from others. */
    public LayerConfigWriter put(String key, float value) {
        values.put(key, Double.valueOf(Float.toString(value)));
        return this;
    }

    /** Writes a text. */
    public LayerConfigWriter put(String key, String value) {
        values.put(key, value);
        return this;
    }

    /** Writes a list of whole numbers. */
    public LayerConfigWriter put(String key, List<Integer> list) {
        List<Object> numbers = new ArrayList<>();
        list.forEach(number -> numbers.add((long) number));
        values.put(key, Collections.unmodifiableList(numbers));
        return this;
    }

    /** Writes a shape. */
    public LayerConfigWriter put(String key, Shape shape) {
        values.put(key, extents(shape));
        return this;
    }

    /** The extents of a shape as a configuration has them: those that are unknown are null. */
    public static List<@Nullable Object> extents(Shape shape) {
        List<@Nullable Object> extents = new ArrayList<>();
        for (int extent : shape.dimensions()) {
            extents.add(extent == Shape.UNKNOWN ? null : (Object) (long) extent);
        }
        return extents;
    }

    /** Writes an object, list or value as JSON has it. */
    public LayerConfigWriter json(String key, @Nullable Object value) {
        values.put(key, value);
        return this;
    }

    /** Writes an activation by its name. */
    public LayerConfigWriter put(String key, Activation activation) {
        values.put(key, activation.kerasName());
        return this;
    }

    /** Writes a layer as an object of its own. */
    public LayerConfigWriter put(String key, NamedLayer layer) {
        values.put(key, layer.toObject());
        return this;
    }

    /** What was written, in order. */
    public Map<String, @Nullable Object> values() {
        return Collections.unmodifiableMap(values);
    }
}
