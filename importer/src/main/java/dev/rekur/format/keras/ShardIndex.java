package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The index of sharded weights, {@code {"metadata": ..., "weight_map": {"/layers/dense/vars": "model_00000.weights.h5"}}}. */
final class ShardIndex {
    private static final int SHARDS_LIMIT = 1000;

    private ShardIndex() {}

    static boolean recognizes(Map<String, Object> object) {
        return object.get("weight_map") instanceof Map<?, ?>;
    }

    /** Names of the shards, which are plain names: shards lie beside their index. */
    static List<String> fileNames(String source, Map<String, Object> index) {
        Map<String, Object> map = JsonTree.object(index.get("weight_map"))
                .orElseThrow(() -> damaged(source, "expected 'weight_map', an object from groups to files"));
        List<String> names = new ArrayList<>();
        for (Object value : map.values()) {
            List<?> several = value instanceof List<?> list ? list : List.of(value == null ? "" : value);
            for (Object name : several) {
                if (!(name instanceof String text) || !isPlain(text)) {
                    throw damaged(
                            source, "expected the name of a file beside the index, found " + JsonTree.brief(name));
                }
                if (!names.contains(text)) {
                    names.add(text);
                }
            }
        }
        if (names.isEmpty() || names.size() > SHARDS_LIMIT) {
            throw damaged(source, "expected 1 to " + SHARDS_LIMIT + " shards, found " + names.size());
        }
        return names;
    }

    private static boolean isPlain(String name) {
        return name.endsWith(".weights.h5")
                && !name.startsWith(".")
                && name.chars().allMatch(c -> c > ' ' && c != '/' && c != '\\' && c != ':');
    }

    private static ModelFormatException damaged(String source, String what) {
        return new ModelFormatException(
                source, "in the index of sharded weights: " + what, "", "docs/TROUBLESHOOTING.md#sharded-weights");
    }
}
