package dev.rekur.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.json.JsonReader;
import dev.rekur.layer.standard.StandardLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every room is used by at least one golden model. */
class GoldenCoverageTest {
    @Test
    void everyRoomHasAGoldenModel() throws IOException {
        Set<String> used = new TreeSet<>();
        Path golden = Path.of(System.getProperty("rekur.fixtures"));
        try (Stream<Path> folders = Files.list(golden)) {
            for (Path config : folders.map(folder -> folder.resolve("config.json"))
                    .filter(Files::exists)
                    .toList()) {
                collect(
                        JsonReader.readObject(
                                Files.readString(config),
                                problem -> new IllegalStateException(config + ": " + problem)),
                        used);
            }
        }
        Set<String> missing = new TreeSet<>(StandardLayers.registry().names());
        missing.removeAll(used);
        assertThat(missing)
                .as("rooms without a golden model; see fixtures/generate/recipes")
                .isEmpty();
    }

    private static void collect(Object json, Set<String> used) {
        if (json instanceof Map<?, ?> object) {
            if (object.get("class_name") instanceof String name) {
                boolean operation = String.valueOf(object.get("module")).startsWith("keras.src.ops");
                used.add((operation ? "ops." : "") + name);
            }
            object.values().forEach(value -> collect(value, used));
        } else if (json instanceof List<?> list) {
            list.forEach(element -> collect(element, used));
        }
    }
}
