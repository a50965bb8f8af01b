package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was logged, epoch by epoch, by Keras's names in Keras's order. As a callback it stands behind those of the user, and
 * so records what they add.
 *
 * <p>Follows {@code keras/src/callbacks/history.py} of Keras 3.15.1.
 */
public final class History implements Callback {
    private static final String EPOCH = "epoch";

    private final List<Integer> epochs = new ArrayList<>();
    private final List<Logs> logs = new ArrayList<>();

    /** Without epochs. */
    public History() {}

    /** Records an epoch. */
    public void add(int epoch, Logs values) {
        epochs.add(epoch);
        logs.add(values.copy());
    }

    @Override
    public void trainBegin(TrainingRun run) {
        epochs.clear();
        logs.clear();
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs values) {
        add(epoch, values);
    }

    /** The epochs, counted from 0. */
    public List<Integer> epochs() {
        return List.copyOf(epochs);
    }

    /** The names in the order in which they first appeared. */
    public List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        logs.forEach(values -> names.addAll(values.names()));
        return List.copyOf(names);
    }

    /** The values of a name, one for each epoch that has it; none if the name is unknown. */
    public List<Double> values(String name) {
        return logs.stream()
                .filter(values -> values.contains(name))
                .map(values -> values.value(name))
                .toList();
    }

    /** What was logged in the i-th epoch of {@link #epochs}. */
    public Logs logs(int index) {
        return logs.get(index).copy();
    }

    /**
     * What Python writes for {@code json.dumps({"epoch": history.epoch, **history.history})}: an object with {@code epoch} and
     * one list per name. NaN and infinities are {@code NaN}, {@code Infinity} and {@code -Infinity}, as Python has them.
     */
    public String toJson() {
        StringBuilder json = new StringBuilder("{\"" + EPOCH + "\": ").append(epochs);
        for (String name : names()) {
            json.append(", ").append(quoted(name)).append(": [");
            String separator = "";
            for (double value : values(name)) {
                json.append(separator).append(jsonNumber(value));
                separator = ", ";
            }
            json.append(']');
        }
        return json.append('}').toString();
    }

    /** A line with the names, then a line for each epoch; {@code NA} for values an epoch does not have. Lines end in LF. */
    public String toCsv() {
        List<String> names = names();
        StringBuilder csv = new StringBuilder(EPOCH);
        names.forEach(name -> csv.append(',').append(name));
        for (int i = 0; i < epochs.size(); i++) {
            Logs values = logs.get(i);
            csv.append('\n').append(epochs.get(i));
            for (String name : names) {
                csv.append(',').append(values.contains(name) ? PythonFloat.repr(values.value(name)) : "NA");
            }
        }
        return csv.append('\n').toString();
    }

    private static String jsonNumber(double value) {
        if (Double.isFinite(value)) {
            return PythonFloat.repr(value);
        }
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    /** As Python's json writes texts: ASCII alone. */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put(EPOCH, epochs());
        List<Object> rows = new ArrayList<>();
        for (Logs values : logs) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                row.add(values.name(i));
                row.add(Double.toString(values.value(i)));
            }
            rows.add(row);
        }
        state.put("logs", rows);
        return state;
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        epochs.clear();
        logs.clear();
        if (!(state.get(EPOCH) instanceof List<?> numbers)
                || !(state.get("logs") instanceof List<?> rows)
                || numbers.size() != rows.size()) {
            throw broken();
        }
        for (int i = 0; i < numbers.size(); i++) {
            if (!(numbers.get(i) instanceof Number epoch) || !(rows.get(i) instanceof List<?> row)) {
                throw broken();
            }
            epochs.add(epoch.intValue());
            logs.add(read(row));
        }
    }

    private static Logs read(List<?> row) {
        Logs values = new Logs();
        try {
            for (int i = 0; i + 1 < row.size(); i += 2) {
                values.put(String.valueOf(row.get(i)), Double.parseDouble(String.valueOf(row.get(i + 1))));
            }
        } catch (NumberFormatException e) {
            throw broken();
        }
        return values;
    }

    private static InvalidInputException broken() {
        return new InvalidInputException("history: the kept state is none of a history");
    }

    @Override
    public String toString() {
        return toJson();
    }
}
