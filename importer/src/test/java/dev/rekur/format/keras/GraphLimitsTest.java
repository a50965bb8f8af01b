package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.format.json.JsonReader;
import dev.rekur.graph.Graph;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.standard.StandardLayers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A deflated file of a few kilobytes can hold thousands of calls; reading them takes time in proportion, up to a limit. */
class GraphLimitsTest {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String INPUT =
            "{'class_name': 'InputLayer', 'name': '%s', 'config': {'name': '%s', 'batch_shape': [null, 1]}}";

    private final List<Problem> problems = new ArrayList<>();

    @Test
    void thousandsOfCallsOfOneLayerAreReadSoon() {
        Graph chain = soon(model(layer("Dense", call -> call == 0 ? tensor("x", 0) : tensor("d", call - 1), 4_000)
                + ends("['d', 3999, 0]")));
        assertThat(chain.nodes()).hasSize(4_001);
        Graph fan = soon(model(layer("Dense", call -> tensor("x", 0), 4_000) + ends("['d', 3999, 0]")));
        assertThat(fan.nodes()).hasSize(4_001);
    }

    @Test
    void aCallOnThousandsOfTensorsIsReadSoon() {
        Graph graph = soon(
                model(layer("Add", call -> "[" + repeated(4_000, i -> tensor("x", 0)) + "]", 1) + ends("['d', 0, 0]")));
        assertThat(graph.nodes().get(1).inputs()).hasSize(4_000);
    }

    @Test
    void anOutputThatIsThereAThousandTimesIsReadSoon() {
        Graph graph = soon(model(
                layer("Dense", call -> tensor("x", 0), 1) + ends("[" + repeated(2_000, i -> "['d', 0, 0]") + "]")));
        assertThat(graph.outputNames())
                .hasSize(2_000)
                .startsWith("d", "d_1", "d_2")
                .doesNotHaveDuplicates();
    }

    @Test
    void namesOfOutputsThatLookLikeNumberedOnesStayUnique() {
        String layers = repeated(
                2,
                i ->
                        "{'class_name': 'Dense', 'name': 'd%s', 'config': {'units': 1, 'trainable': true}, 'inbound_nodes': ["
                                        .formatted(i == 0 ? "" : "_1")
                                + inbound(tensor("x", 0)) + "]}");
        Graph graph =
                soon(model(layers + ends("[['d', 0, 0], ['d_1', 0, 0], ['d', 0, 0], ['d_1', 0, 0], ['d', 0, 0]]")));
        assertThat(graph.outputNames()).containsExactly("d", "d_1", "d_2", "d_1_1", "d_3");
    }

    @Test
    void callsTensorsInputsAndOutputsAreLimited() {
        refused(model(layer("Dense", call -> tensor("x", 0), 10_001) + ends("['d', 0, 0]")), "calls of layers");
        refused(
                model(layer("Add", call -> "[" + repeated(2_500, i -> tensor("x", 0)) + "]", 41) + ends("['d', 0, 0]")),
                "tensors in the calls of layers");
        refused(
                model(layer("Dense", call -> tensor("x", 0), 1)
                        + ends("[" + repeated(2_001, i -> "['d', 0, 0]") + "]")),
                "tensors in 'output_layers'");
    }

    @Test
    void layersOfModelsInsideCountAmongTheLayers() {
        String dense = "{'class_name': 'Dense', 'config': {'name': 'd%d', 'units': 1}}";
        String inner = "{'class_name': 'Sequential', 'config': {'name': 'm%d', 'layers': [%s]}}";
        String layers = repeated(4, m -> inner.formatted(m, repeated(2_500, i -> dense.formatted(i))));
        refused("{'class_name': 'Sequential', 'config': {'layers': [" + layers + "]}}", "layers, found 10004");
    }

    private Graph soon(String json) {
        Graph graph = assertTimeout(SOON, () -> read(json).orElse(null));
        assertThat(problems).isEmpty();
        return graph;
    }

    private void refused(String json, String what) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("#limits");
    }

    private static String model(String layersAndEnds) {
        return "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [" + INPUT.formatted("x", "x") + ", "
                + layersAndEnds + "}}";
    }

    private static String ends(String outputs) {
        return "], 'input_layers': [['x', 0, 0]], 'output_layers': " + outputs;
    }

    private static String layer(String className, IntFunction<String> argument, int calls) {
        return "{'class_name': '" + className + "', 'name': 'd', 'config': {'name': 'd', 'trainable': true"
                + (className.equals("Dense") ? ", 'units': 1" : "") + "}, 'inbound_nodes': ["
                + repeated(calls, call -> inbound(argument.apply(call))) + "]}";
    }

    private static String inbound(String argument) {
        return "{'args': [" + argument + "], 'kwargs': {}}";
    }

    private static String tensor(String layer, int call) {
        return "{'class_name': '__keras_tensor__', 'config': {'keras_history': ['" + layer + "', " + call + ", 0]}}";
    }

    private static String repeated(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(", "));
    }

    private Optional<Graph> read(String json) {
        ModelConfig model = ModelConfigReader.read(
                "test",
                "$",
                JsonReader.readObject(json.replace('\'', '"'), IllegalArgumentException::new),
                KerasVersion.NEWEST,
                problems);
        return ModelConfigReader.graph(
                model,
                StandardLayers.registry(),
                new Vocabularies(path -> Optional.empty(), (path, limit) -> Optional.empty()));
    }
}
