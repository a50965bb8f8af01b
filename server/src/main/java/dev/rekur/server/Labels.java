package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.PortNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What lies beside a model for people to read: names of its classes and a description in {@value #FILE}, texts to try it
 * on in {@value #SAMPLES_FILE}. Used for display alone; answers to predictions hold numbers.
 *
 * @param byOutput names of the classes by output name; the empty name stands for every output
 * @param description a sentence, or empty
 * @param examples texts
 */
public record Labels(Map<String, List<String>> byOutput, String description, List<String> examples) {
    /** A list of names, or an object with {@code labels}: such a list, or an object of them by output name. */
    public static final String FILE = "labels.json";

    /** A list of objects, each with a {@code text}. */
    static final String SAMPLES_FILE = "samples.json";

    /** Nobody says anything. */
    public static final Labels NONE = new Labels(Map.of(), "", List.of());

    private static final String SECTION = "docs/TROUBLESHOOTING.md#class-names";
    private static final int SIZE_LIMIT = 4 << 20;
    private static final int EXAMPLES = 24;

    public Labels {
        byOutput = Map.copyOf(byOutput);
        examples = List.copyOf(examples);
    }

    /** The {@value #FILE} of a model: in its folder if it is one, beside it under its own name, or beside it for all models there. */
    public static Optional<Path> file(Path model) {
        return beside(model, FILE);
    }

    /** A file that a model has in one of the places of {@link #file}. */
    static Optional<Path> beside(Path model, String file) {
        List<Path> places = new ArrayList<>();
        if (Files.isDirectory(model)) {
            places.add(model.resolve(file));
        }
        places.add(model.resolveSibling(ModelEntry.nameOf(model) + "." + file));
        places.add(model.resolveSibling(file));
        return places.stream().filter(Files::isRegularFile).findFirst();
    }

    /** Names of the classes of every output. */
    public static Labels of(List<String> names) {
        return new Labels(Map.of("", names), "", List.of());
    }

    /** The same labels by the names of a model's outputs, where they are by those of their layers. */
    public Labels named(PortNames outputs) {
        Map<String, List<String>> named = new LinkedHashMap<>();
        byOutput.forEach((output, names) -> {
            int index = outputs.indexOf(output);
            named.put(index < 0 ? output : outputs.names().get(index), names);
        });
        return new Labels(named, description, examples);
    }

    /** Names of an output's classes, whether they fit or not; none if nobody says them. */
    public List<String> of(String output) {
        return byOutput.getOrDefault(output, byOutput.getOrDefault("", List.of()));
    }

    /** Whether names belong to so many values: one for each, or two for one value, the probability of the second. */
    public static boolean fit(List<String> names, int values) {
        return names.size() == values || values == 1 && names.size() == 2;
    }

    /** Names of an output's classes if they fit it, else none. */
    List<String> of(Signature.Port output) {
        List<String> names = of(output.name());
        boolean fits = output.shape().rank() > 0 && fit(names, output.shape().last());
        return fits ? names : List.of();
    }

    /**
     * Reads {@value #FILE}.
     *
     * @param place the file's name, for messages
     * @throws InvalidInputException if it is something else
     */
    public static Labels parse(String place, byte[] content) {
        return reading(place, content, json -> {
            if (json.currentToken() == JsonToken.START_ARRAY) {
                return of(texts(place, json));
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw wrong(place);
            }
            Map<String, List<String>> byOutput = new LinkedHashMap<>();
            String description = "";
            boolean known = false;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                known |= key.equals("labels") || key.equals("description");
                if (key.equals("labels")) {
                    readLabels(place, json, byOutput);
                } else if (key.equals("description") && json.currentToken() == JsonToken.VALUE_STRING) {
                    description = json.getString();
                } else {
                    json.skipChildren();
                }
            }
            if (!known) {
                throw wrong(place);
            }
            return new Labels(byOutput, description, List.of());
        });
    }

    /** These labels with the first texts of {@value #SAMPLES_FILE} as examples. */
    Labels withSamples(String place, byte[] content) {
        return reading(place, content, json -> {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean text = json.currentName().equals("text");
                    if (json.nextToken() == JsonToken.VALUE_STRING && text && texts.size() < EXAMPLES) {
                        texts.add(json.getString());
                    }
                    json.skipChildren();
                }
            }
            return new Labels(byOutput, description, texts);
        });
    }

    private interface Content {
        Labels read(JsonParser json);
    }

    private static Labels reading(String place, byte[] content, Content reader) {
        if (content.length > SIZE_LIMIT) {
            throw new InvalidInputException(
                    place,
                    "expected at most " + SIZE_LIMIT + " bytes, found " + content.length,
                    "Make the file smaller, or move it away.",
                    SECTION);
        }
        try (JsonParser json = new Json(SIZE_LIMIT).parser(content, content.length)) {
            json.nextToken();
            Labels read = reader.read(json);
            if (json.nextToken() != null) {
                throw wrong(place);
            }
            return read;
        } catch (JacksonException broken) {
            throw new InvalidInputException(
                    place,
                    "expected JSON: " + broken.getOriginalMessage(),
                    "Correct the file, or move it away.",
                    SECTION,
                    broken);
        }
    }

    private static void readLabels(String place, JsonParser json, Map<String, List<String>> byOutput) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            byOutput.put("", texts(place, json));
            return;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String output = json.currentName();
            json.nextToken();
            byOutput.put(output, texts(place, json));
        }
    }

    private static List<String> texts(String place, JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong(place);
        }
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw wrong(place);
            }
            texts.add(json.getString());
        }
        if (texts.isEmpty()) {
            throw wrong(place);
        }
        return texts;
    }

    private static InvalidInputException wrong(String place) {
        return new InvalidInputException(
                place,
                "expected a list of class names, or an object {\"labels\": [...]} or {\"labels\": {\"OUTPUT\": [...]}}",
                "Correct the file, or move it away.",
                SECTION);
    }
}
