package dev.rekur.training.callback;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Values of a batch or an epoch by Keras's names: {@code accuracy}, {@code loss}, {@code val_loss}. Ordered: what {@link
 * #sorted} was given by name, as Keras hands logs to callbacks, then what callbacks {@link #put}.
 *
 * <p>Belongs to one thread. Putting a name that is there allocates nothing, so that one object serves all batches.
 */
public final class Logs {
    private String[] names = new String[8];
    private double[] values = new double[8];
    private int size;

    /** Without values. */
    public Logs() {}

    /** The given values, sorted by name, as Keras's {@code pythonify_logs} leaves them. */
    public static Logs sorted(Map<String, Double> values) {
        Logs logs = new Logs();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> logs.put(entry.getKey(), entry.getValue()));
        return logs;
    }

    /** Sets a value: in its place if the name is there, or else at the end. */
    public Logs put(String name, double value) {
        int at = indexOf(name);
        if (at < 0) {
            at = append(name);
        }
        values[at] = value;
        return this;
    }

    private int append(String name) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        names[size] = name;
        return size++;
    }

    /** Takes all values out. */
    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    /** The name at a place of the order. */
    public String name(int index) {
        return names[index(index)];
    }

    /** The value at a place of the order. */
    public double value(int index) {
        return values[index(index)];
    }

    public boolean contains(String name) {
        return indexOf(name) >= 0;
    }

    /**
     * The value of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public double value(String name) {
        int at = indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("no value '" + name + "'; there are " + String.join(", ", names()));
        }
        return values[at];
    }

    /** The names in order, as they are now. */
    public List<String> names() {
        return Collections.unmodifiableList(Arrays.asList(Arrays.copyOf(names, size)));
    }

    /** The same values, independent of what is put later. */
    public Logs copy() {
        Logs copy = new Logs();
        copy.names = names.clone();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }

    private int index(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return index;
    }

    private int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** As Python prints the dictionary. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "'" : ", '").append(names[i]).append("': ").append(PythonFloat.repr(values[i]));
        }
        return text.append('}').toString();
    }
}
