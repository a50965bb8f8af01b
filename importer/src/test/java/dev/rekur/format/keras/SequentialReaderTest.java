package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.format.json.JsonReader;
import dev.rekur.graph.Graph;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SequentialReaderTest {
    private static final String DENSE = "{'class_name': 'Dense', 'config': {'name': 'dense', 'units': 2%s}%s}";

    private final List<Problem> problems = new ArrayList<>();

    @Test
    void theShapeOfAMissingInputLayerIsFoundWhereverKerasLeftIt() {
        String key = ", 'batch_input_shape': [null, 3]";
        for (Graph graph : List.of(
                graph("{'class_name': 'Sequential', 'config': {'layers': [" + DENSE.formatted(key, "") + "]}}"),
                graph("{'class_name': 'Sequential', 'config': [" + DENSE.formatted(key, "") + "]}"),
                graph("{'class_name': 'Sequential', 'config': {'build_input_shape': [null, 3], 'layers': ["
                        + DENSE.formatted("", "") + "]}}"),
                graph("{'class_name': 'Sequential', 'build_config': {'input_shape': [null, 3]}, 'config': {'layers': ["
                        + DENSE.formatted("", "") + "]}}"),
                graph("{'class_name': 'Sequential', 'config': {'layers': ["
                        + DENSE.formatted("", ", 'build_config': {'input_shape': [null, 3]}") + "]}}"))) {
            assertThat(graph.layers()).hasSize(2);
            assertThat(graph.shape(graph.inputs().get(0))).isEqualTo(Shape.of(Shape.UNKNOWN, 3));
            assertThat(graph.outputNames()).containsExactly("dense");
        }
    }

    @Test
    void anEmbeddingIsFedIntegers() {
        Graph graph = graph("{'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'Embedding', 'config': {"
                + "'name': 'e', 'input_dim': 5, 'output_dim': 2, 'batch_input_shape': [null, 3]}}]}}");

        assertThat(graph.kind(graph.inputs().get(0))).isEqualTo(ValueKind.INT);
    }

    @Test
    void aShapeThatNobodyKnowsIsAProblem() {
        assertThat(read("{'class_name': 'Sequential', 'config': {'layers': [" + DENSE.formatted("", "") + "]}}"))
                .isEmpty();
        assertThat(problems).singleElement().asString().contains("shape of the input");
    }

    /** Lambda, too: what was found by name once was taken for the input. */
    @Test
    void aLayerNamedLikeTheInputThatIsAddedIsAProblem() {
        String model = "{'class_name': 'Sequential', 'config': {'build_input_shape': [null, 3], 'layers': [%s]}}";
        for (String other : List.of("Lambda", "Dense", "Custom>Layer")) {
            String named = "{'class_name': '" + other + "', 'config': {'name': '%s', 'units': 1}}";
            String dense = DENSE.formatted("", "");
            requireRefused(other, model.formatted(named.formatted("input_layer") + ", " + dense), 3);
            requireRefused(other, model.formatted(dense + ", " + named.formatted("input_layer")), 3);
            requireRefused(other, model.formatted(dense + ", " + named.formatted("dense_input")), 2);
        }
    }

    private void requireRefused(String className, String json, int kerasMajor) {
        problems.clear();
        assertThat(read(json, kerasMajor)).isEmpty();
        assertThat(problems).anySatisfy(problem -> assertThat(problem.finding())
                .contains("has the name that the model's input gets"));
        if (!className.equals("Dense")) {
            assertThat(problems)
                    .anySatisfy(problem -> assertThat(problem.finding()).containsAnyOf("never runs", "not supported"));
        }
    }

    private Graph graph(String json) {
        Graph graph = read(json).orElse(null);
        assertThat(problems).isEmpty();
        return graph;
    }

    private Optional<Graph> read(String json) {
        return read(json, 2);
    }

    private Optional<Graph> read(String json, int kerasMajor) {
        Map<String, Object> root = JsonReader.readObject(json.replace('\'', '"'), IllegalStateException::new);
        ModelConfig model = ModelConfigReader.read("test", "$", root, KerasVersion.written(kerasMajor), problems);
        return ModelConfigReader.graph(
                model,
                StandardLayers.registry(),
                new Vocabularies(path -> Optional.empty(), (path, limit) -> Optional.empty()));
    }
}
