package dev.rekur.server;

import dev.rekur.error.ModelFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
record Labels(Map<String, List<String>> byOutput, String description, List<String> examples) {
    /** A list of names, or an object with {@code labels}: such a list, or an object of them by output name. */
    static final String FILE = "labels.json";

    /** A list of objects, each with a {@code text}. */
    static final String SAMPLES_FILE = "samples.json";

    static final Labels NONE = new Labels(Map.of(), "", List.of());

    private static final int SIZE_LIMIT = 4 << 20;
    private static final int EXAMPLES = 24;

    Labels {
        byOutput = Map.copyOf(byOutput);
        examples = List.copyOf(examples);
    }

    /** Names of an output's classes if there are as many as it has values, else none. */
    List<String> of(Signature.Port output) {
        List<String> names = byOutput.getOrDefault(output.name(), byOutput.getOrDefault("", List.of()));
        boolean fits = output.shape().rank() > 0 && output.shape().last() == names.size();
        return fits ? names : List.of();
    }

    /**
     * Reads {@value #FILE}.
     *
     * @param place its name, for messages
     * @throws ModelFormatException if it is something else
     */
    static Labels parse(String place, byte[] content) {
        return reading(place, content, json -> {
            if (json.currentToken() == JsonToken.START_ARRAY) {
                return new Labels(Map.of("", texts(place, json)), "", List.of());
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw wrong(place);
            }
            Map<String, List<String>> byOutput = new LinkedHashMap<>();
            String description = "";
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                if (key.equals("labels")) {
                    readLabels(place, json, byOutput);
                } else if (key.equals("description") && json.currentToken() == JsonToken.VALUE_STRING) {
                    description = json.getString();
                } else {
                    json.skipChildren();
                }
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
            throw new ModelFormatException(
                    place + ": expected at most " + SIZE_LIMIT + " bytes, found " + content.length);
        }
        try (JsonParser json = new Json(SIZE_LIMIT).parser(content, content.length)) {
            json.nextToken();
            return reader.read(json);
        } catch (JacksonException broken) {
            throw new ModelFormatException(place + ": not JSON: " + broken.getOriginalMessage(), broken);
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
        return texts;
    }

    private static ModelFormatException wrong(String place) {
        return new ModelFormatException(place + ": expected a list of class names, or an object {\"labels\": [...]}."
                + " Correct the file or move it away.");
    }
}
