package dev.rekur.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    private final List<Problem> problems = new ArrayList<>();
    private final GraphBuilder builder = new GraphBuilder("model", Graph.Style.FUNCTIONAL, problems);

    private Optional<Integer> add(String name, Layer layer, Integer... on) {
        List<Value> inputs =
                List.of(on).stream().map(node -> new Value(node, 0)).toList();
        return builder.add(new GraphBuilder.Call(NamedLayer.of(name, layer), "$." + name, inputs));
    }

    private int input(ValueKind kind, int... shape) {
        return add("input", new InputLayer(Shape.of(shape), kind)).orElseThrow();
    }

    private static Dense dense(int units) {
        return new Dense(units, Activation.LINEAR, true);
    }

    @Test
    void shapesAndWeightsFollowFromTheInputs() {
        int input = input(ValueKind.FLOAT, -1, -1, 3);
        int dense = add("dense", dense(5), input).orElseThrow();
        assertThat(builder.shape(new Value(dense, 0))).isEqualTo(Shape.of(-1, -1, 5));
        Graph graph = builder.build(
                List.of("input", "dense"),
                List.of(new Value(input, 0)),
                List.of(new Value(dense, 0)),
                List.of("dense"));
        assertThat(graph.layers().get(1).weights())
                .containsExactly(WeightSpec.of("kernel", 3, 5), WeightSpec.of("bias", 5));
        assertThat(graph.inputNames()).containsExactly("input");
        assertThat(problems).isEmpty();
    }

    @Test
    void aLayerCalledTwiceIsOneLayerWithTwoNodes() {
        int input = input(ValueKind.FLOAT, -1, 3);
        Layer layer = dense(3);
        int first = add("dense", layer, input).orElseThrow();
        int second = add("dense", layer, first).orElseThrow();
        Graph graph = builder.build(
                List.of("input", "dense"),
                List.of(new Value(input, 0)),
                List.of(new Value(second, 0)),
                List.of("dense"));
        assertThat(graph.layers()).hasSize(2);
        assertThat(graph.nodes()).hasSize(3);
        assertThat(graph.nodes().get(first).layer())
                .isSameAs(graph.nodes().get(second).layer());
    }

    @Test
    void aFurtherCallThatNeedsOtherWeightsIsAProblem() {
        int input = input(ValueKind.FLOAT, -1, 3);
        Layer layer = dense(5);
        int first = add("dense", layer, input).orElseThrow();
        assertThat(add("dense", layer, first)).isEmpty();
        assertThat(problems.toString())
                .contains("layer 'dense' (Dense) at $.dense")
                .contains("shared");
    }

    @Test
    void aShapeThatDoesNotFitIsAProblemWithPlaceAndRemedy() {
        int input = input(ValueKind.FLOAT, -1, 3);
        RecurrentOptions options = new RecurrentOptions(false, false, false, false, false);
        assertThat(add("rnn", new SimpleRnn(2, Activation.TANH, true, options), input))
                .isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.place()).isEqualTo("layer 'rnn' (SimpleRNN) at $.rnn");
            assertThat(problem.finding()).contains("[batch, time, features]").contains("[None, 3]");
            assertThat(problem.remedy()).contains("return_sequences=True");
        });
    }

    @Test
    void textForALayerOfNumbersIsAProblem() {
        int input = input(ValueKind.TEXT, -1, 1);
        assertThat(add("embedding", new Embedding(3, 3, false), input)).isEmpty();
        assertThat(problems.toString()).contains("cannot take TEXT values").contains("TextVectorization");
    }

    @Test
    void shapesTooLargeToCountAreAProblem() {
        int input = input(ValueKind.FLOAT, -1, -1, 1 << 20);
        RecurrentOptions options = new RecurrentOptions(false, false, false, false, false);
        Lstm huge = new Lstm(1 << 30, Activation.TANH, Activation.SIGMOID, true, options);
        assertThat(add("lstm", huge, input)).isEmpty();
        assertThat(problems.toString()).contains("too large to count");
    }

    @Test
    void outputsOfOneNameGetNumbers() {
        int input = input(ValueKind.FLOAT, -1, 3);
        Value value = new Value(input, 0);
        Graph graph =
                builder.build(List.of("input"), List.of(value), List.of(value, value, value), List.of("y", "y", "y_1"));
        assertThat(graph.outputNames()).doesNotHaveDuplicates().startsWith("y", "y_1");
    }
}
