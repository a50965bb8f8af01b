package dev.rekur.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What configurations say of the weights of layers that other layers wrap. */
class WrappedWeightsTest {
    private static final Map<String, Object> DENSE = Map.of("units", 2);
    private static final KerasVersion KERAS_2 = KerasVersion.LAST_OF_KERAS_2;

    private static Map<String, Object> object(String className, Map<String, Object> config) {
        return Map.of("class_name", className, "config", config);
    }

    private static Map<String, Object> dense(String key, Object value) {
        Map<String, Object> config = new HashMap<>(DENSE);
        config.put(key, value);
        return object("Dense", config);
    }

    private static Map<String, Object> wrapper(Map<String, Object> inner) {
        return object("TimeDistributed", Map.of("layer", inner));
    }

    private static GraphLayer steps(Map<String, Object> layer) {
        return graph(KerasVersion.NEWEST, layer).layers().get(1);
    }

    private static Graph graph(KerasVersion version, Map<String, Object> layer) {
        List<Problem> problems = new ArrayList<>();
        LayerRegistry registry = StandardLayers.registry();
        NamedLayer steps = registry.read("steps", "$", layer, new LayerConfig.Origin(registry, version, problems))
                .orElseThrow()
                .withName("steps");
        GraphBuilder builder = new GraphBuilder("model", Graph.Style.FUNCTIONAL, problems);
        InputLayer input = new InputLayer(Shape.of(Shape.UNKNOWN, 3, 4, 5), ValueKind.FLOAT);
        builder.add(new GraphBuilder.Call(NamedLayer.of("input", input), "$", List.of()));
        List<Value> inputs = List.of(new Value(0, 0));
        builder.add(new GraphBuilder.Call(steps, "$", inputs));
        assertThat(problems).isEmpty();
        return builder.build(List.of("input", "steps"), inputs, List.of(new Value(1, 0)), List.of("steps"));
    }

    private static List<Problem> problems(KerasVersion version, Map<String, Object> layer) {
        List<Problem> problems = new ArrayList<>();
        new WeightRules(graph(version, layer), version, problems);
        return problems;
    }

    @Test
    void theFlagOfTheWrappedLayerCountsAndThatOfTheWrapperDoesNot() {
        GraphLayer frozenInside = steps(wrapper(dense("trainable", false)));
        assertThat(frozenInside.weights()).hasSize(2).noneMatch(frozenInside::trains);
        assertThat(frozenInside.isTrained()).isFalse();
        GraphLayer frozenOutside =
                steps(object("TimeDistributed", Map.of("layer", dense("trainable", true), "trainable", false)));
        assertThat(frozenOutside.weights()).hasSize(2).allMatch(frozenOutside::trains);
        assertThat(frozenOutside.isTrained()).isTrue();
    }

    @Test
    void aLayerThatIsFrozenInCodeFreezesWhatItWraps() {
        NamedLayer frozen =
                steps(wrapper(wrapper(object("Dense", DENSE)))).named().withTrainable(false);
        GraphLayer layer = new GraphLayer(
                frozen, steps(wrapper(wrapper(object("Dense", DENSE)))).weights());
        assertThat(layer.weights()).hasSize(2).noneMatch(layer::trains);
        assertThat(layer.isTrained()).isFalse();
    }

    @Test
    void aLayerThatWrapsNothingGoesByItsOwnFlag() {
        GraphLayer dense = steps(dense("trainable", false));
        assertThat(dense.weights()).hasSize(2).noneMatch(dense::trains);
        assertThat(dense.isTrained()).isFalse();
    }

    @Test
    void theSettingsOfAWeightAreThoseOfTheInnermostLayer() {
        GraphLayer layer = steps(wrapper(wrapper(dense("kernel_regularizer", "l2"))));
        assertThat(layer.weights()).extracting("owner").containsOnly("layer/layer");
        assertThat(layer.settings(layer.weights().get(0)).regularizer()).isEqualTo("l2");
        assertThat(layer.settings(layer.weights().get(1)).regularizer()).isNull();
    }

    @Test
    void whatOutputsInsideCostIsNothingInKeras3AndRefusedInKeras2() {
        Map<String, Object> costly = dense("activity_regularizer", "l2");
        assertThat(problems(KerasVersion.NEWEST, wrapper(costly))).isEmpty();
        assertThat(problems(KERAS_2, wrapper(costly)).toString())
                .contains("layer 'steps' (TimeDistributed).config.layer.activity_regularizer")
                .contains("inside a wrapper");
        assertThat(problems(KERAS_2, wrapper(object("ActivityRegularization", Map.of("l2", 1)))))
                .hasSize(1);
    }

    @Test
    void whatHalvesOfABidirectionalInsideCostIsRefused() {
        Map<String, Object> both = object(
                "Bidirectional", Map.of("layer", object("LSTM", Map.of("units", 2, "activity_regularizer", "l2"))));
        assertThat(problems(KerasVersion.NEWEST, wrapper(both)).toString())
                .contains("config.layer.config.forward_layer.activity_regularizer");
    }

    @Test
    void whatOutputsOfTheWrapperCostCounts() {
        Map<String, Object> config = new HashMap<>(Map.of("layer", object("Dense", DENSE)));
        config.put("activity_regularizer", object("L2", Map.of("l2", 0.5)));
        List<Problem> problems = new ArrayList<>();
        Graph graph = graph(KerasVersion.NEWEST, object("TimeDistributed", config));
        assertThat(new WeightRules(graph, KerasVersion.NEWEST, problems).activities())
                .containsKey("steps");
        assertThat(problems).isEmpty();
    }
}
