package dev.rekur.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What configurations say of the weights of layers that other layers wrap. */
class WrappedWeightsTest {
    private static final Dense DENSE = new Dense(2, Activation.LINEAR, true);

    private static Map<String, Object> object(String className, Map<String, Object> config) {
        return Map.of("class_name", className, "config", config);
    }

    private static Map<String, Object> wrapper(Map<String, Object> inner) {
        return object("TimeDistributed", Map.of("layer", inner));
    }

    private static Graph graph(Layer layer, boolean trainable, Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        GraphBuilder builder = new GraphBuilder("model", Graph.Style.FUNCTIONAL, problems);
        Layer input = new InputLayer(Shape.of(Shape.UNKNOWN, 3, 4, 5), ValueKind.FLOAT);
        builder.add(new GraphBuilder.Call("input", input, Map.of(), true, "$", List.of(), null));
        List<Value> inputs = List.of(new Value(0, 0));
        builder.add(new GraphBuilder.Call("steps", layer, config, trainable, "$", inputs, null));
        assertThat(problems).isEmpty();
        return builder.build(List.of("input", "steps"), inputs, List.of(new Value(1, 0)), List.of("steps"));
    }

    private static GraphLayer steps(boolean trainable, Map<String, Object> config) {
        return graph(new TimeDistributed(DENSE, true), trainable, config)
                .layers()
                .get(1);
    }

    @Test
    void theFlagOfTheWrappedLayerCountsAndThatOfTheWrapperDoesNot() {
        GraphLayer frozenInside = steps(true, wrapper(object("Dense", Map.of("trainable", false))));
        assertThat(frozenInside.weights()).hasSize(2).noneMatch(frozenInside::trains);
        assertThat(frozenInside.isTrained()).isFalse();
        GraphLayer frozenOutside = steps(false, wrapper(object("Dense", Map.of("trainable", true))));
        assertThat(frozenOutside.weights()).hasSize(2).allMatch(frozenOutside::trains);
        assertThat(frozenOutside.isTrained()).isTrue();
    }

    @Test
    void aLayerThatWrapsNothingGoesByItsOwnFlag() {
        GraphLayer dense =
                graph(DENSE, false, object("Dense", Map.of())).layers().get(1);
        assertThat(dense.weights()).hasSize(2).noneMatch(dense::trains);
        assertThat(dense.isTrained()).isFalse();
    }

    @Test
    void theConfigurationOfAWeightIsThatOfTheInnermostLayer() {
        Map<String, Object> config = wrapper(wrapper(object("Dense", Map.of("units", 2))));
        GraphLayer layer = graph(new TimeDistributed(new TimeDistributed(DENSE, true), true), true, config)
                .layers()
                .get(1);
        assertThat(layer.weights()).extracting("owner").containsOnly("layer/layer");
        assertThat(layer.weights())
                .allSatisfy(weight -> assertThat(layer.configuration(weight)).isEqualTo(Map.of("units", 2)));
    }

    @Test
    void whatOutputsInsideCostIsNothingInKeras3AndRefusedInKeras2() {
        Map<String, Object> costly = object("Dense", Map.of("activity_regularizer", "l2"));
        assertThat(problems(true, wrapper(costly))).isEmpty();
        assertThat(problems(false, wrapper(costly)).toString())
                .contains("layer 'steps' (TimeDistributed).config.layer.activity_regularizer")
                .contains("inside a wrapper");
        assertThat(problems(false, wrapper(object("ActivityRegularization", Map.of("l2", 1)))))
                .hasSize(1);
    }

    @Test
    void whatHalvesOfABidirectionalInsideCostIsRefused() {
        Map<String, Object> both =
                object("Bidirectional", Map.of("layer", object("LSTM", Map.of("activity_regularizer", "l2"))));
        assertThat(problems(true, wrapper(both)).toString()).contains("config.layer.config.layer.activity_regularizer");
    }

    @Test
    void whatOutputsOfTheWrapperCostCounts() {
        Map<String, Object> config = new HashMap<>(Map.of("layer", object("Dense", Map.of())));
        config.put("activity_regularizer", object("L2", Map.of("l2", 0.5)));
        List<Problem> problems = new ArrayList<>();
        Graph graph = graph(new TimeDistributed(DENSE, true), true, object("TimeDistributed", config));
        assertThat(new WeightRules(graph, KerasVersion.NEWEST, problems).activities())
                .containsKey("steps");
        assertThat(problems).isEmpty();
    }

    private static List<Problem> problems(boolean keras3, Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        new WeightRules(graph(new TimeDistributed(DENSE, keras3), true, config), KerasVersion.NEWEST, problems);
        return problems;
    }
}
