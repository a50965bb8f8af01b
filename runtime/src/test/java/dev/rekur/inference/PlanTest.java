package dev.rekur.inference;

import static dev.rekur.tensor.Comparison.assertAgrees;
import static dev.rekur.tensor.Comparison.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.plan.FoldEmbeddings;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {
    private static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);
    private static final RecurrentOptions SEQUENCES = new RecurrentOptions(true, false, false, false, false);

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void passesAndSharedBuffersKeepTheBitsOfTheGraphAsItStands(long seed) {
        Model model = RandomGraphs.any(seed);
        List<Tensor> inputs = RandomGraphs.inputs(model, seed, 5, 1 + (int) (seed % 7));
        Predictor predictor =
                Predictor.of(model).kernels(KernelSelection.scalar()).build();
        assertSame("seed " + seed, Unplanned.predict(model, inputs), predictor.predict(inputs));
        assertSame("seed " + seed + ", again", predictor.predict(inputs), predictor.predict(inputs));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsReadThatWasNotWritten(long seed) {
        Model model = RandomGraphs.any(seed);
        List<Tensor> inputs = RandomGraphs.inputs(model, seed, 3, 4);
        List<Tensor> expected = Unplanned.predict(model, inputs);
        assertSame("seed " + seed + ", not a number", expected, Unplanned.predictPlanned(model, inputs, 3, Float.NaN));
        assertSame("seed " + seed + ", numbers", expected, Unplanned.predictPlanned(model, inputs, 2, 3f));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void simpleLayersComputeWhatTheirEquationsSay(long seed) {
        Model model = RandomGraphs.simple(seed);
        List<Tensor> inputs = RandomGraphs.inputs(model, seed, 3, 5);
        List<Tensor> expected = DoublePrecision.predict(model, inputs);
        List<Tensor> found = model.predict(inputs);
        for (int i = 0; i < expected.size(); i++) {
            assertAgrees("seed " + seed + ", output " + i, expected.get(i), found.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void activationsAreTheOutputsOfEachLayer(long seed) {
        Model model = RandomGraphs.any(seed);
        List<Tensor> inputs = RandomGraphs.inputs(model, seed, 2, 3);
        List<Tensor> outputs = model.predict(inputs);
        var activations = model.predictor().activations(inputs);
        for (int i = 0; i < outputs.size(); i++) {
            Value output = model.graph().outputs().get(i);
            String layer = model.graph().node(output).layer().name();
            boolean firstCall = model.graph().nodes().stream()
                    .filter(node -> node.layer().name().equals(layer))
                    .findFirst()
                    .orElseThrow()
                    .equals(model.graph().node(output));
            if (firstCall && output.output() == 0) {
                assertSameBits("seed " + seed + ", " + layer, outputs.get(i), activations.get(layer));
            }
        }
    }

    @Test
    void anInputThatIsDeclaredLateIsNotOverwrittenBeforeItIsRead() {
        GraphScript script = new GraphScript(1);
        Value first = script.input(ValueKind.FLOAT, 8);
        Value wide = script.call(new Dense(64, Activation.TANH, true), first);
        Value narrow = script.call(new Dense(8, Activation.TANH, true), wide);
        Value late = script.input(ValueKind.FLOAT, 8);
        Model model = script.model(script.call(new Add(), narrow, late));
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 3, 0);
        assertSame("late input", Unplanned.predict(model, inputs), model.predict(inputs));
    }

    @Test
    void aLayerSharedByTwoEmbeddingsLooksUpEachInItsOwn() {
        GraphScript script = new GraphScript(1);
        SimpleRnn rnn = new SimpleRnn(4, Activation.TANH, true, LAST);
        Value first = script.call(new Embedding(RandomGraphs.VOCABULARY, 3, false), script.input(ValueKind.INT, -1));
        Value second = script.call(new Embedding(RandomGraphs.VOCABULARY, 3, true), script.input(ValueKind.INT, -1));
        Value a = script.call("shared", rnn, null, first);
        Value b = script.call("shared", rnn, null, second);
        Model model = script.model(a, b);
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 3, 5);
        assertSame("shared", Unplanned.predict(model, inputs), model.predict(inputs));
    }

    @Test
    void whatIsPutOutAndUsedTwiceIsNotWrittenInPlace() {
        GraphScript script = new GraphScript(1);
        Value input = script.input(ValueKind.FLOAT, 5);
        Value relu = script.call(new ActivationLayer(Activation.RELU), input);
        Value dropped = script.call(new Dropout(0.5), relu);
        Value tanh = script.call(new ActivationLayer(Activation.TANH), dropped);
        Model model = script.model(tanh, relu, input, dropped);
        List<Tensor> inputs = RandomGraphs.inputs(model, 1, 2, 0);
        assertSame("in place", Unplanned.predict(model, inputs), model.predict(inputs));
        assertThat(model.predict(inputs).get(2)).isEqualTo(inputs.get(0));
    }

    @Test
    void aRecurrentLayerAfterAnEmbeddingLooksProjectionsUp() {
        assertThat(operations(new Embedding(50, 8, true), SEQUENCES)).isEqualTo(2);
    }

    @Test
    void aTableThatWouldGrowTooMuchIsNotMade() {
        assertThat(operations(new Embedding(50, 1, true), SEQUENCES)).isEqualTo(3);
    }

    /** Stages that a plan has for an input, an Embedding and an LSTM of 8 units. */
    private static long operations(Embedding embedding, RecurrentOptions options) {
        GraphScript script = new GraphScript(1);
        Value embedded = script.call(embedding, script.input(ValueKind.INT, -1));
        Value output = script.call(new Lstm(8, Activation.TANH, Activation.SIGMOID, true, options), embedded);
        Stages stages = FoldEmbeddings.apply(DropIdentities.apply(
                Stages.of(script.model(output)), script.model(output).graph()));
        return stages.stages().stream().filter(stage -> stage != null).count();
    }

    @Test
    void memoryGrowsLinearlyWithTime() {
        GraphScript script = new GraphScript(1);
        Value sequence = script.input(ValueKind.FLOAT, Shape.UNKNOWN, 8);
        for (int i = 0; i < 6; i++) {
            sequence = script.call(new Lstm(16, Activation.TANH, Activation.SIGMOID, true, SEQUENCES), sequence);
        }
        Model model = script.model(sequence);
        int hundred = floats(model, 100);
        int thousand = floats(model, 1_000);
        int twoThousand = floats(model, 2_000);
        assertThat(thousand).isLessThanOrEqualTo(10 * hundred);
        assertThat(twoThousand).isLessThanOrEqualTo(2 * thousand);
        // a step has the model's 8 floats, a layer's input and output of 16, a projection of 64: six layers share them
        assertThat(twoThousand).isLessThan(2_000 * (8 + 16 + 16 + 64 + 1));
    }

    private static int floats(Model model, int time) {
        Plan plan = Unplanned.planned(model, RandomGraphs.inputs(model, 1, 1, time));
        CallWorkspace workspace = plan.acquire(1, KernelSelection.scalar().kernels());
        return workspace.floats(plan.output(0)).length;
    }

    private static void assertSame(String what, List<Tensor> expected, List<Tensor> found) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertSameBits(what + ", output " + i, expected.get(i), found.get(i));
        }
    }
}
