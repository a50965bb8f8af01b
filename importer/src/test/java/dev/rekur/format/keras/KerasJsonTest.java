package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.ModelFormatException;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files are those of {@code generate.py} in the test resources. */
class KerasJsonTest {
    @Test
    void shardedWeightsAreTheWeightsOfOneFile() throws URISyntaxException {
        GoldenModelsTest.assertSameWeights(
                "sharded",
                Rekur.load(resource("config.json"), resource("whole.weights.h5")),
                Rekur.load(resource("config.json"), resource("model.weights.json")));
    }

    @Test
    void theGroupsOfKeras212AreReadToo() throws URISyntaxException {
        GoldenModelsTest.assertSameWeights(
                "Keras 2.12",
                Rekur.load(resource("config.json"), resource("whole.weights.h5")),
                Rekur.load(resource("config.json"), resource("keras-2.12.weights.h5")));
    }

    @Test
    void theVersionMattersOnlyWhereAFileLeavesMergedMasksUnsaid() {
        Model model = Rekur.load(GoldenFiles.root().resolve("masks_add_both/model.keras"));
        ModelConfiguration said = model.configuration().orElseThrow();
        assertThat(AssumedVersion.matters(model.graph(), said)).isFalse();
        Map<String, Object> root = JsonTree.object(withoutMasks(said.root())).orElseThrow();
        ModelConfiguration unsaid = new ModelConfiguration(root, said.version(), said.learned(), said.registry());
        assertThat(AssumedVersion.matters(new KerasGraphs().read(unsaid), unsaid))
                .isTrue();
    }

    /** A configuration whose calls are given no masks. */
    private static @Nullable Object withoutMasks(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(KerasJsonTest::withoutMasks).collect(Collectors.toCollection(ArrayList::new));
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> without = new LinkedHashMap<>();
        map.forEach((key, inner) -> {
            if (!"mask".equals(key)) {
                without.put((String) key, withoutMasks(inner));
            }
        });
        return without;
    }

    @Test
    void aConfigurationAloneSaysWhatIsMissing() {
        assertThatThrownBy(() -> Rekur.load(resource("config.json")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("Rekur.load(configuration, weights)");
        assertThatThrownBy(() -> Rekur.load(resource("whole.weights.h5")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model_config");
        assertThatThrownBy(() -> Rekur.load(resource("model.weights.json")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("Rekur.load(configuration, weights)");
    }

    @Test
    void shardsOutsideOfTheFolderAreNotOpened(@TempDir Path folder) throws IOException, URISyntaxException {
        for (String shard : new String[] {
            "../whole.weights.h5",
            "/etc/whole.weights.h5",
            "a/whole.weights.h5",
            "..\\whole.weights.h5",
            ".weights.h5",
            ""
        }) {
            Path index = folder.resolve("model.weights.json");
            Files.writeString(
                    index, "{\"weight_map\": {\"/layers/dense/vars\": \"" + shard.replace("\\", "\\\\") + "\"}}");
            assertThatThrownBy(() -> Rekur.load(resource("config.json"), index))
                    .as(shard)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("beside the index");
        }
    }

    @Test
    void aMissingShardIsNamed(@TempDir Path folder) throws IOException, URISyntaxException {
        Path index = folder.resolve("model.weights.json");
        Files.copy(resource("model.weights.json"), index);
        assertThatThrownBy(() -> Rekur.load(resource("config.json"), index))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model_00000.weights.h5: no such file");
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(KerasJsonTest.class.getResource("/sharded/" + name))
                .toURI());
    }
}
