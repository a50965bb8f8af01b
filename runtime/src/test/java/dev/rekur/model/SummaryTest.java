package dev.rekur.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private final GraphBuilder functional = new GraphBuilder("functional", Graph.Style.FUNCTIONAL, problems);
    private final GraphBuilder sequential = new GraphBuilder("sequential", Graph.Style.SEQUENTIAL, problems);

    @Test
    void aSequentialModelShowsNoInput() {
        Value input = add(sequential, "input_layer", input(Shape.UNKNOWN), true, List.of());
        Value output = add(sequential, "embedding", new Embedding(10, 3, false), true, List.of(input));

        Summary summary = Summary.of(model(sequential, input, output));

        assertThat(summary.layers()).extracting(Summary.LayerRow::name).containsExactly("embedding");
        assertThat(summary.toString())
                .startsWith("Model: \"sequential\"\n┏━")
                .contains("│ embedding (Embedding)           │ (None, 7, 3)           │            30 │")
                .endsWith("\n Total params: 30 (120.00 B)\n Trainable params: 30 (120.00 B)\n"
                        + " Non-trainable params: 0 (0.00 B)");
    }

    @Test
    void aChainOfAFunctionalModelShowsItsInputButNoConnections() {
        Value input = add(functional, "words", input(Shape.UNKNOWN), true, List.of());
        Value output = add(functional, "embedding", new Embedding(10, 3, false), true, List.of(input));

        String text = Summary.of(model(functional, input, output)).toString();

        assertThat(text).contains("│ words (InputLayer)").doesNotContain("Connected to");
    }

    @Test
    void aSharedLayerIsOneRowWithTheInputsOfAllItsCallsAndTheirIndices() {
        Value first = add(functional, "first", input(Shape.UNKNOWN), true, List.of());
        Value second = add(functional, "second", input(Shape.UNKNOWN), true, List.of());
        Embedding shared = new Embedding(10, 3, false);
        Value one = add(functional, "shared", shared, true, List.of(first));
        Value two = add(functional, "shared", shared, true, List.of(second));
        Value sum = add(functional, "add", new dev.rekur.layer.merging.Add(), true, List.of(one, two));

        Summary summary = Summary.of(model(functional, first, sum));

        assertThat(summary.layers())
                .extracting(Summary.LayerRow::connectedTo)
                .containsExactly(
                        List.of(),
                        List.of(),
                        List.of("first[0][0]", "second[0][0]"),
                        List.of("shared[0][0]", "shared[1][0]"));
        assertThat(summary.parameters().total()).isEqualTo(30);
        assertThat(summary.toString()).contains("Connected to").contains("│ -  ");
    }

    @Test
    void aBatchThatTheFileFixesIsShownInEveryRow() {
        Value input = add(functional, "words", input(4), true, List.of());
        Value output = add(functional, "embedding", new Embedding(10, 3, false), true, List.of(input));

        assertThat(Summary.of(model(functional, input, output)).layers())
                .extracting(Summary.LayerRow::outputShape)
                .containsExactly("(4, 7)", "(4, 7, 3)");
    }

    @Test
    void frozenLayersCountAsNonTrainableAndShowN() {
        Value input = add(functional, "words", input(Shape.UNKNOWN), true, List.of());
        Value output = add(functional, "embedding", new Embedding(10, 3, false), false, List.of(input));

        Summary summary = Summary.of(model(functional, input, output)).showTrainable();

        assertThat(summary.parameters()).isEqualTo(new Summary.Parameters(30, 0, 30, 0));
        assertThat(summary.toString()).contains("Trai…").contains("│   N   │").contains("│   -   │");
    }

    /** The counts are those of Keras 3.15.1 for a model with variables [7, 3] [3, 2] [2, 2] [2] [2, 1] [1]. */
    @ParameterizedTest
    @CsvSource({
        "SGD,, , 2, 12",
        "SGD, momentum, 0.9, 38, 156",
        "RMSprop,, , 38, 156",
        "RMSprop, momentum, 0.5, 74, 300",
        "RMSprop, centered, true, 74, 300",
        "Adagrad,, , 38, 156",
        "Adadelta,, , 74, 300",
        "Adam,, , 74, 300",
        "Adam, amsgrad, true, 110, 444",
        "Adam, use_ema, true, 110, 444",
        "Adam, gradient_accumulation_steps, 4, 110, 444",
        "AdamW,, , 74, 300",
        "Adamax,, , 74, 300",
        "Nadam,, , 75, 304",
        "Ftrl,, , 74, 300",
        "Lion,, , 38, 156",
        "Lamb,, , 74, 300",
        "Adafactor,, , 64, 260",
        "Muon,, , 62, 252",
        "ScheduleFreeAdamW,, , 74, 300"
    })
    void countsWhatAnOptimizerKeepsOnceKerasHasBuiltIt(
            String optimizer, String key, String value, long numbers, long bytes) {
        Map<String, Object> config = key == null ? Map.of() : Map.of(key, parsed(value));
        CompileConfiguration compiled = new CompileConfiguration(
                Map.of("optimizer", Map.of("class_name", optimizer, "config", config)), List.of(), 3);

        assertThat(OptimizerSize.of(compiled, variables())).contains(new Summary.Size(numbers, bytes));
    }

    @Test
    void aScheduleIsNoVariableAndLossScalingAddsFour() {
        Map<String, Object> scheduled = Map.of(
                "class_name", "Adam", "config", Map.of("learning_rate", Map.of("class_name", "ExponentialDecay")));
        Map<String, Object> scaled = Map.of(
                "class_name",
                "LossScaleOptimizer",
                "config",
                Map.of("inner_optimizer", Map.of("class_name", "Adam", "config", Map.of())));

        assertThat(OptimizerSize.of(
                        new CompileConfiguration(Map.of("optimizer", scheduled), List.of(), 3), variables()))
                .contains(new Summary.Size(73, 296));
        assertThat(OptimizerSize.of(new CompileConfiguration(Map.of("optimizer", scaled), List.of(), 3), variables()))
                .contains(new Summary.Size(78, 324));
    }

    @Test
    void layersThatMuonLeavesToAdamAreExcludedByName() {
        Map<String, Object> plain = Map.of("class_name", "Muon", "config", Map.of("exclude_layers", List.of("dense")));
        Map<String, Object> pattern = Map.of("class_name", "Muon", "config", Map.of("exclude_layers", List.of("d.*")));
        List<CompileConfiguration.OptimizerVariable> kept = List.of(
                CompileConfiguration.OptimizerVariable.whole("vars/0", 3),
                new CompileConfiguration.OptimizerVariable("vars/1", FloatTensor.wrap(Shape.of(2), new float[2])));

        assertThat(OptimizerSize.of(new CompileConfiguration(Map.of("optimizer", plain), List.of(), 3), variables()))
                .contains(new Summary.Size(64, 260));
        assertThat(OptimizerSize.of(new CompileConfiguration(Map.of("optimizer", pattern), kept, 3), variables()))
                .as("no regular expression of a file is run: what the file holds counts")
                .contains(new Summary.Size(3, 16));
    }

    /** Keras builds the optimizer of an .h5 file for no variables at all, and only if the file has its state. */
    @Test
    void theOptimizerOfALegacyFileIsBuiltForNothing() {
        Map<String, Object> config =
                Map.of("optimizer_config", Map.of("class_name", "Nadam", "config", Map.of("learning_rate", 0.1)));
        List<CompileConfiguration.OptimizerVariable> kept =
                List.of(CompileConfiguration.OptimizerVariable.whole("iteration", 3));

        assertThat(OptimizerSize.of(new CompileConfiguration(config, kept, 3), variables()))
                .contains(new Summary.Size(3, 16));
        assertThat(OptimizerSize.of(new CompileConfiguration(config, List.of(), 3), variables()))
                .isEmpty();
    }

    @Test
    void whatTheFileDoesNotTellIsAQuestionMarkAndALayerThatRekurLacksIsMarked() {
        Outline outline = new Outline(
                "odd",
                Graph.Style.SEQUENTIAL,
                List.of(
                        layer("conv", "Conv1D", false, OptionalLong.of(7)),
                        layer("own", "Own", false, OptionalLong.empty()),
                        layer("dense", "Dense", true, OptionalLong.of(4))),
                List.of(
                        new Outline.Call(0, List.of(), List.of(Shape.of(Shape.UNKNOWN, 3))),
                        new Outline.Call(1, List.of(new Value(0, 0)), List.of()),
                        new Outline.Call(2, List.of(new Value(1, 0)), List.of(Shape.of(Shape.UNKNOWN, 2)))),
                List.of(variable("conv/0", 7), variable("dense/kernel", 4)));

        assertThat(Summary.of(outline, Optional.empty()).toString())
                .containsPattern("│ conv \\(Conv1D\\) \\* +│ \\(None, 3\\) +│ +7 │")
                .containsPattern("│ own \\(Own\\) \\* +│ \\? +│ +\\? │")
                .containsPattern("│ dense \\(Dense\\)   +│ \\(None, 2\\) +│ +4 │")
                .contains("┘\n * not supported by Rekur\n ? not told by the file\n")
                .contains("\n The numbers below leave out what the file does not tell.\n Total params: 11 (44.00 B)");
    }

    private static Outline.OutlineLayer layer(
            String name, String className, boolean supported, OptionalLong parameters) {
        return new Outline.OutlineLayer(name, className, supported, false, true, parameters, Optional.empty());
    }

    @Test
    void sizesAreRoundedAsPythonRoundsThem() {
        assertThat(new Summary.Size(0, 1023)).hasToString("0 (1023.00 B)");
        assertThat(new Summary.Size(0, 1024)).hasToString("0 (1.00 KB)");
        assertThat(new Summary.Size(1_328_517, 5_314_068)).hasToString("1,328,517 (5.07 MB)");
        assertThat(new Summary.Size(0, 5248)).as("5.125 lies half way").hasToString("0 (5.12 KB)");
    }

    private static Object parsed(String value) {
        return value.equals("true") ? Boolean.TRUE : Double.valueOf(value);
    }

    private static List<Outline.Variable> variables() {
        return List.of(
                variable("embedding/embeddings", 7, 3),
                variable("simple_rnn/cell/kernel", 3, 2),
                variable("simple_rnn/cell/recurrent_kernel", 2, 2),
                variable("simple_rnn/cell/bias", 2),
                variable("dense/kernel", 2, 1),
                variable("dense/bias", 1));
    }

    private static Outline.Variable variable(String path, int... shape) {
        return new Outline.Variable(path, Shape.of(shape), 4, true);
    }

    private static InputLayer input(int batch) {
        return new InputLayer(Shape.of(batch, 7), ValueKind.INT);
    }

    private Value add(GraphBuilder graph, String name, Layer layer, boolean trainable, List<Value> inputs) {
        if (!order.contains(name)) {
            order.add(name);
        }
        return new Value(
                graph.add(new GraphBuilder.Call(NamedLayer.of(name, layer).withTrainable(trainable), "$", inputs))
                        .orElseThrow(() -> new AssertionError(problems)),
                0);
    }

    private Model model(GraphBuilder graph, Value input, Value output) {
        Graph built = graph.build(order, List.of(input), List.of(output), List.of("output"));
        return new Model(built, Weights.builder().build(), Optional.empty());
    }
}
