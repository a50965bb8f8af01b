package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model inside a model computes what it computes alone. */
class NestedModelTest {
    private static final RecurrentOptions SEQUENCES = new RecurrentOptions(true, false, false, false, false);
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);

    private final List<Problem> problems = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void givesTheBitsThatItGivesAlone(int depth) {
        for (long seed = 0; seed < 40; seed++) {
            Model alone = RandomGraphs.any(seed);
            Model around = alone;
            for (int i = 0; i < depth; i++) {
                around = around(around);
            }
            List<Tensor> inputs = RandomGraphs.inputs(alone, seed, 3, 6);
            assertThat(around.predict(inputs)).as("seed %d", seed).isEqualTo(alone.predict(inputs));
        }
    }

    /** A model that does nothing but call another one. */
    private Model around(Model inner) {
        GraphBuilder builder = new GraphBuilder("around", Graph.Style.FUNCTIONAL, problems);
        List<Value> inputs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Value input : inner.graph().inputs()) {
            String name = "in_" + names.size();
            Shape shape = inner.graph().shape(input);
            names.add(name);
            inputs.add(add(builder, name, new InputLayer(shape, inner.graph().kind(input))));
        }
        names.add("inner");
        Value first = add(builder, "inner", new NestedModel(inner.graph()), inputs.toArray(Value[]::new));
        List<Value> outputs = IntStream.range(0, inner.graph().outputs().size())
                .mapToObj(output -> new Value(first.node(), output))
                .toList();
        Graph graph = builder.build(names, inputs, outputs, inner.graph().outputNames());
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : inner.graph().layers()) {
            layer.weights()
                    .forEach(spec -> weights.put(
                            "inner/" + layer.name(), spec, inner.weights().get(layer.name(), spec.path())));
        }
        return new Model(graph, weights.build(), Optional.empty());
    }

    private Value add(GraphBuilder builder, String name, Layer layer, Value... on) {
        Optional<Integer> node =
                builder.add(new GraphBuilder.Call(NamedLayer.of(name, layer), "$." + name, List.of(on)));
        return new Value(node.orElse(-1), 0);
    }

    private static NestedModel recurrent(int features) {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 6, features);
        return new NestedModel(script.model(script.call(new SimpleRnn(4, Activation.TANH, true, SEQUENCES), input))
                .graph());
    }

    @Test
    void layersInsideAreKnownByTheirPathAndWeightsByEitherName() {
        GraphScript script = new GraphScript(2);
        Value input = script.input(ValueKind.FLOAT, 6, 4);
        NestedModel encoder = recurrent(4);
        Value once = script.call("encoder", encoder, null, input);
        Model model = script.model(script.call("encoder", encoder, null, once));
        assertThat(model.graph().layerPaths())
                .containsExactly("layer_0", "encoder", "encoder/layer_0", "encoder/layer_1");
        assertThat(model.graph().flat().layers())
                .extracting(GraphLayer::name)
                .containsExactly("layer_0", "encoder/layer_1");
        assertThat(model.graph().flat().nodes()).hasSize(3);
        assertThat(model.weights().get("encoder", "layer_1/cell/kernel"))
                .isEqualTo(model.weights().get("encoder/layer_1", "cell/kernel"));
    }

    @Test
    void theMaskThatACallGivesReachesTheLayersInside() {
        GraphScript script = new GraphScript(3);
        Value tokens = script.input(ValueKind.INT, 6);
        Value mask = script.input(ValueKind.INT, 6);
        Value embedded = script.call(new Embedding(9, 4, false), tokens);
        Value inside = script.call("inner", recurrent(4), mask, embedded);
        Model model = script.model(script.call(new SimpleRnn(3, Activation.TANH, true, LAST), inside));
        Node recurrent = model.graph().flat().nodes().get(3);
        assertThat(recurrent.layer().name()).isEqualTo("inner/layer_1");
        assertThat(recurrent.mask()).isEqualTo(new Value(1, 0));

        Tensor ids = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 1, 6);
        Tensor all = Tensor.of(new int[] {1, 1, 1, 1, 1, 1}, 1, 6);
        Tensor three = Tensor.of(new int[] {1, 1, 1, 0, 0, 0}, 1, 6);
        Tensor other = Tensor.of(new int[] {1, 2, 3, 7, 7, 7}, 1, 6);
        assertThat(model.predict(List.of(ids, three))).isEqualTo(model.predict(List.of(other, three)));
        assertThat(model.predict(List.of(ids, all))).isNotEqualTo(model.predict(List.of(other, all)));
    }

    @Test
    void integersMadeForAModelInsideMustBeWhole() {
        GraphScript inner = new GraphScript(4);
        Value ids = inner.input(ValueKind.INT, 6);
        Model lookup = inner.model(inner.call(new Embedding(9, 4, false), ids), ids);
        GraphScript script = new GraphScript(5);
        Value input = script.input(ValueKind.FLOAT, 6);
        Model model = script.model(script.call("lookup", new NestedModel(lookup.graph()), null, input));
        assertThat(model.predict(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 6))
                        .shape())
                .isEqualTo(Shape.of(1, 6, 4));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> model.predict(Tensor.of(new float[] {1, 2, 3, 4, 5, 6.5f}, 1, 6)))
                .withMessageContaining("6.5");
    }

    @Test
    void aCallOnOtherShapesThanTheModelWasMadeForIsAProblem() {
        GraphBuilder builder = new GraphBuilder("outer", Graph.Style.FUNCTIONAL, problems);
        Value input = add(builder, "input", new InputLayer(Shape.of(-1, 6, 5), ValueKind.FLOAT));
        add(builder, "inner", recurrent(4), input);
        add(builder, "twice", recurrent(5), input, input);
        assertThat(problems)
                .extracting(Problem::finding)
                .satisfiesExactly(
                        first -> assertThat(first).contains("takes [None, 6, 4]", "found [None, 6, 5]"),
                        second -> assertThat(second).contains("takes 1 inputs", "found 2"));
    }

    @Test
    void modelsThatCallModelsTwiceAreCountedBeforeTheyAreSpelledOut() {
        Graph graph = recurrent(4).graph();
        for (int depth = 0; depth < 60 && problems.isEmpty(); depth++) {
            GraphBuilder builder = new GraphBuilder("level", Graph.Style.FUNCTIONAL, problems);
            Value input = add(builder, "input", new InputLayer(Shape.of(-1, 6, 4), ValueKind.FLOAT));
            NestedModel inner = new NestedModel(graph);
            Value once = add(builder, "inner", inner, input);
            Value twice = add(builder, "inner", inner, once);
            if (problems.isEmpty()) {
                graph = builder.build(List.of("input", "inner"), List.of(input), List.of(twice), List.of("inner"));
            }
        }
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).finding()).contains("at most 100000");
    }

    @Test
    void noOtherLayerMayBeCalledLikeOneInside() {
        GraphBuilder builder = new GraphBuilder("outer", Graph.Style.FUNCTIONAL, problems);
        Value input = add(builder, "input", new InputLayer(Shape.of(-1, 6, 4), ValueKind.FLOAT));
        Value inner = add(builder, "inner", recurrent(4), input);
        Value dense = add(builder, "inner/layer_1", new Dense(2, Activation.LINEAR, true), inner);
        builder.build(List.of("input", "inner", "inner/layer_1"), List.of(input), List.of(dense), List.of("dense"));
        assertThat(problems)
                .extracting(Problem::finding)
                .singleElement()
                .asString()
                .contains("inside the model 'inner'");
    }
}
