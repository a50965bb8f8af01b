package dev.rekur.conformance;

import dev.rekur.format.json.JsonReader;
import dev.rekur.format.json.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes a configuration in one place or a few: it stays JSON, but says something that Keras never would. */
final class JsonMutation {
    /** What goes in the place of a value; large numbers are larger than any memory, so that none of them costs time. */
    private static final List<Object> VALUES = Arrays.asList(
            null,
            true,
            false,
            "",
            "input_layer",
            "Lambda",
            "../x",
            "a/b",
            0L,
            1L,
            -1L,
            2L,
            3L,
            7L,
            1000L,
            (long) Integer.MAX_VALUE,
            1L << 31,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            500_000_000L,
            0.5,
            -0.0,
            1e308,
            1e-320,
            List.of(),
            Map.of(),
            Arrays.asList(null, null),
            List.of(List.of(List.of())));

    private static final int DEEP = 100;

    private final Random random;
    private final List<Map<String, Object>> objects = new ArrayList<>();
    private final List<List<Object>> lists = new ArrayList<>();

    private JsonMutation(Random random) {
        this.random = random;
    }

    /** The text with one change or a few. */
    static String mutated(String json, Random random) {
        JsonMutation mutation = new JsonMutation(random);
        Object root = mutation.copy(JsonReader.readObject(json, IllegalStateException::new));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutation.change();
        }
        String text = JsonWriter.write(root);
        // what no tree can hold: a key twice, numbers that are none
        return switch (random.nextInt(40)) {
            case 0 -> text.replaceFirst("\\{\"", "{\"class_name\": null, \"class_name\": 1, \"");
            case 1 -> text.replaceFirst(":[0-9.]+", ":NaN");
            case 2 -> text.replaceFirst(":[0-9.]+", ":-Infinity");
            case 3 -> text.replaceFirst(":[0-9.]+", ":1e99999");
            default -> text;
        };
    }

    private Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            objects.add(copy);
            map.forEach((key, element) -> copy.put((String) key, copy(element)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            lists.add(copy);
            list.forEach(element -> copy.add(copy(element)));
            return copy;
        }
        return value;
    }

    private void change() {
        if (lists.isEmpty() || random.nextInt(3) > 0) {
            changeObject(objects.get(random.nextInt(objects.size())));
        } else {
            changeList(lists.get(random.nextInt(lists.size())));
        }
    }

    private void changeObject(Map<String, Object> object) {
        if (object.isEmpty()) {
            object.put("name", value());
            return;
        }
        String key = List.copyOf(object.keySet()).get(random.nextInt(object.size()));
        switch (random.nextInt(7)) {
            case 0 -> object.remove(key);
            case 1 -> {
                Object moved = object.remove(key);
                object.put(otherKey(), moved);
            }
            case 2 -> object.put(otherKey(), object.get(key));
            case 3 -> {
                Map<String, Object> other = objects.get(random.nextInt(objects.size()));
                if (!other.isEmpty()) { // the same key elsewhere, if it is there: names become equal
                    String there = other.containsKey(key)
                            ? key
                            : other.keySet().iterator().next();
                    object.put(key, fresh(other.get(there)));
                }
            }
            case 4 -> {
                if (object.get(key) instanceof Number number) {
                    object.put(key, number.longValue() + random.nextInt(3) - 1);
                } else {
                    object.put(key, value());
                }
            }
            default -> object.put(key, value());
        }
    }

    private void changeList(List<Object> list) {
        if (list.isEmpty()) {
            list.add(value());
            return;
        }
        int at = random.nextInt(list.size());
        switch (random.nextInt(6)) {
            case 0 -> list.remove(at);
            case 1 -> list.add(random.nextInt(list.size() + 1), fresh(list.get(at)));
            case 2 -> Collections.swap(list, at, random.nextInt(list.size()));
            case 3 -> list.add(value());
            case 4 -> Collections.reverse(list);
            default -> list.set(at, value());
        }
    }

    /** A copy that is not changed with the value, or the text would be endless. */
    private static Object fresh(Object value) {
        return value instanceof Map<?, ?> || value instanceof List<?>
                ? new JsonMutation(new Random(0)).copy(value)
                : value;
    }

    private String otherKey() {
        Map<String, Object> other = objects.get(random.nextInt(objects.size()));
        return other.isEmpty() ? "x" : List.copyOf(other.keySet()).get(random.nextInt(other.size()));
    }

    private Object value() {
        if (random.nextInt(50) == 0) {
            Object deep = List.of();
            for (int i = 0; i < DEEP; i++) {
                deep = List.of(deep);
            }
            return deep;
        }
        if (random.nextInt(6) == 0) {
            return fresh(
                    random.nextBoolean() && !lists.isEmpty()
                            ? lists.get(random.nextInt(lists.size()))
                            : objects.get(random.nextInt(objects.size())));
        }
        return VALUES.get(random.nextInt(VALUES.size()));
    }
}
