package dev.rekur.server;

import dev.rekur.ModelFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a {@code labels.json} beside a model says: names of its classes, and texts to try it on. The file is a list of
 * names, or an object with {@code labels} (a list, or an object of lists by output name) and {@code examples} (a list of
 * texts). Used for display alone; answers to predictions hold numbers.
 *
 * @param byOutput names of the classes by output name; the empty name stands for every output
 */
record Labels(Map<String, List<String>> byOutput, List<String> examples) {
    static final Labels NONE = new Labels(Map.of(), List.of());

    private static final int SIZE_LIMIT = 1 << 20;

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
     * Reads the file.
     *
     * @param place its name, for messages
     * @throws ModelFormatException if it is something else
     */
    static Labels parse(String place, byte[] content) {
        if (content.length > SIZE_LIMIT) {
            throw new ModelFormatException(place + ": expected at most " + SIZE_LIMIT + " bytes, found " + content.length);
        }
        try (JsonParser json = new Json(SIZE_LIMIT).parser(content, content.length)) {
            json.nextToken();
            if (json.currentToken() == JsonToken.START_ARRAY) {
                return new Labels(Map.of("", texts(place, json)), List.of());
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw wrong(place);
            }
            Map<String, List<String>> byOutput = new LinkedHashMap<>();
            List<String> examples = List.of();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                if (key.equals("examples")) {
                    examples = texts(place, json);
                } else if (key.equals("labels") && json.currentToken() == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                        String output = json.currentName();
                        json.nextToken();
                        byOutput.put(output, texts(place, json));
                    }
                } else if (key.equals("labels")) {
                    byOutput.put("", texts(place, json));
                } else {
                    json.skipChildren();
                }
            }
            return new Labels(byOutput, examples);
        } catch (JacksonException broken) {
            throw new ModelFormatException(place + ": not JSON: " + broken.getOriginalMessage(), broken);
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
        return new ModelFormatException(place + ": expected a list of class names, or an object"
                + " {\"labels\": [...], \"examples\": [...]}. Correct the file or move it away.");
    }
}
