package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.standard.StandardLayers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LayerRegistryTest {
    private final List<Problem> problems = new ArrayList<>();

    private Optional<Layer> read(LayerRegistry registry, Map<String, @Nullable Object> object) {
        LayerConfig.Origin origin = new LayerConfig.Origin(registry, KerasVersion.NEWEST, problems);
        return registry.read("layer 'it'", "$.it", object, origin).map(NamedLayer::layer);
    }

    @Test
    void namesAreSorted() {
        assertThat(StandardLayers.registry().names()).isSorted().contains("Dense", "ops.NotEqual");
    }

    @Test
    void anUnknownClassIsAProblemThatListsTheKnownOnes() {
        assertThat(read(StandardLayers.registry(), Map.of("class_name", "Conv9D", "config", Map.of())))
                .isEmpty();
        assertThat(problems.toString())
                .contains("layer 'it' at $.it")
                .contains("'Conv9D'")
                .contains("SimpleRNN")
                .contains("LayerRegistry.with");
    }

    @Test
    void aCustomLayerIsKnownByItsRegisteredNameOnly() {
        Map<String, @Nullable Object> custom = new HashMap<>();
        custom.put("class_name", "Dense");
        custom.put("registered_name", "mine>Noise");
        custom.put("config", Map.of("rate", 0.5));
        assertThat(read(StandardLayers.registry(), custom)).isEmpty();
        assertThat(problems.toString()).contains("custom layer 'mine>Noise'");
        problems.clear();
        LayerRegistry extended = StandardLayers.registry().with("mine>Noise", Dropout::fromConfig);
        assertThat(read(extended, custom)).contains(new Dropout(0.5));
        assertThat(problems).isEmpty();
        assertThat(StandardLayers.registry().has("mine>Noise")).isFalse();
    }

    @Test
    void aMissingConfigurationIsAProblem() {
        assertThat(read(StandardLayers.registry(), Map.of("class_name", "Dense")))
                .isEmpty();
        assertThat(problems.toString()).contains("'config'");
    }

    @Test
    void allProblemsOfALayerAreReportedAtOnce() {
        Map<String, Object> config =
                Map.of("units", -1, "activation", "zap", "use_bias", "yes", "surprise", List.of(1));
        read(StandardLayers.registry(), Map.of("class_name", "Dense", "config", config));
        assertThat(problems).hasSize(4);
        assertThat(problems.toString())
                .contains("'units'")
                .contains("'zap'")
                .contains("'yes'")
                .contains("'surprise'");
    }

    @Test
    void listsThatKeras2WrapsAreRead() {
        Map<String, Object> axis = Map.of("class_name", "__tuple__", "items", List.of(1, 2));
        Optional<Layer> wrapped = read(
                StandardLayers.registry(), Map.of("class_name", "LayerNormalization", "config", Map.of("axis", axis)));
        Optional<Layer> plain = read(
                StandardLayers.registry(),
                Map.of("class_name", "LayerNormalization", "config", Map.of("axis", List.of(1, 2))));
        assertThat(wrapped).isEqualTo(plain);
        assertThat(problems).isEmpty();
    }
}
