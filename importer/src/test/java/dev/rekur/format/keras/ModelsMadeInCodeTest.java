package dev.rekur.format.keras;

import static dev.rekur.training.FitOption.epochs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.json.JsonReader;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.model.Model;
import dev.rekur.model.ModelBuilder;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.initializer.InitialWeights;
import dev.rekur.training.optimizer.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that no file knows are trained, saved and loaded. With the system property {@code rekur.made} the files are kept there, for
 * {@code fixtures/generate/made_in_code.py} to load them with real Keras.
 */
class ModelsMadeInCodeTest {
    private static final int STEPS = 6;
    private static final int WORDS = 20;
    private static final List<String> FILES = List.of("model.keras", "model.h5", "keras2.h5");

    @TempDir
    private Path temporary;

    private static Lstm lstm(int units, RecurrentOptions options) {
        return new Lstm(units, Activation.TANH, Activation.SIGMOID, true, options);
    }

    private static LayerNormalization norm() {
        return new LayerNormalization(List.of(-1), 1e-3f, true, true, false);
    }

    /** Masks, residual connections, normalization, and two directions. */
    private static Graph residual() {
        ModelBuilder builder = new ModelBuilder("residual");
        Value tokens = builder.tokens("tokens", STEPS);
        Value vectors = builder.call("embedding", new Embedding(WORDS, 8, true), tokens);
        SimpleRnn rnn = new SimpleRnn(8, Activation.TANH, true, RecurrentOptions.SEQUENCES);
        Value sequence = builder.call("rnn", rnn, vectors);
        Value normed = builder.call("norm", norm(), sequence);
        Value added = builder.call("add", new Add(), vectors, normed);
        RecurrentOptions backwards = RecurrentOptions.DEFAULT.reversed();
        Bidirectional both =
                new Bidirectional(lstm(4, RecurrentOptions.DEFAULT), lstm(4, backwards), Bidirectional.Merge.CONCAT);
        Value state = builder.call("both", both, added);
        Value dropped = builder.call("dropout", new Dropout(0.25), state);
        return builder.graph(builder.call("classes", new Dense(3, Activation.SOFTMAX, true), dropped));
    }

    /** A shared layer, states that are handed on, and several outputs. */
    private static Graph encoderDecoder() {
        ModelBuilder builder = new ModelBuilder("encoder_decoder");
        Value source = builder.tokens("source", STEPS);
        Value target = builder.tokens("target", 4);
        Embedding embedding = new Embedding(WORDS, 6, false);
        Value read = builder.call("embedding", embedding, source);
        Value written = builder.call("embedding", embedding, target);
        RecurrentOptions withState = new RecurrentOptions(false, true, false, false, false);
        Gru encoder = new Gru(5, Activation.TANH, Activation.SIGMOID, true, true, withState);
        Value state = new Value(builder.call("encoder", encoder, read).node(), 1);
        Gru decoder = new Gru(5, Activation.TANH, Activation.SIGMOID, true, true, RecurrentOptions.SEQUENCES);
        Value decoded = builder.call("decoder", decoder, written, state);
        Value words =
                builder.call("words", new TimeDistributed(new Dense(WORDS, Activation.SOFTMAX, true), true), decoded);
        return builder.graph(words, builder.call("kind", new Dense(2, Activation.SOFTMAX, true), state));
    }

    /** A model as a layer of another. */
    private static Graph nested() {
        ModelBuilder inner = new ModelBuilder("inner");
        Value input = inner.input("features", STEPS, 5);
        Value sequence = inner.call("rnn", new SimpleRnn(4, Activation.TANH, true, RecurrentOptions.SEQUENCES), input);
        NestedModel encoder = new NestedModel(inner.graph(inner.call("norm", norm(), sequence)));
        ModelBuilder builder = new ModelBuilder("outer");
        Value x = builder.input("x", STEPS, 5);
        Value encoded = builder.call("inner", encoder, x);
        Value last = builder.call("last", lstm(3, RecurrentOptions.DEFAULT), encoded);
        return builder.graph(builder.call("y", new Dense(1, Activation.LINEAR, true), last));
    }

    static Stream<Graph> graphs() {
        return Stream.of(residual(), encoderDecoder(), nested());
    }

    private static Model fresh(Graph graph) {
        return new Model(graph, InitialWeights.of(graph, 7), Optional.empty());
    }

    private static List<Tensor> inputs(Graph graph, int rows) {
        Random random = new Random(3);
        return graph.inputs().stream()
                .map(input -> graph.shape(input).withBatch(rows))
                .<Tensor>map(shape -> shape.rank() == 2
                        ? IntTensor.wrap(
                                shape, random.ints(shape.size(), 0, WORDS).toArray())
                        : floats(shape, random))
                .toList();
    }

    private static Tensor floats(Shape shape, Random random) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.wrap(shape, values);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aModelComesBackFromEveryFormat(Graph graph) throws IOException {
        Model model = fresh(graph);
        List<Tensor> inputs = inputs(graph, 5);
        List<Tensor> expected = model.predict(inputs);
        for (String file : FILES) {
            Path path = folder(graph).resolve(file);
            model.save(path, file.startsWith("keras2") ? SaveOptions.KERAS_2 : SaveOptions.KERAS_3);
            Model again = Rekur.load(path);
            assertThat(again.predict(inputs)).as(file).isEqualTo(expected);
            assertThat(again.summary()).hasToString(model.summary().toString());
        }
        keep(graph, inputs, expected);
    }

    private Path folder(Graph graph) throws IOException {
        String kept = System.getProperty("rekur.made");
        Path folder = (kept == null ? temporary : Path.of(kept)).resolve(graph.name());
        return Files.createDirectories(folder);
    }

    private void keep(Graph graph, List<Tensor> inputs, List<Tensor> outputs) throws IOException {
        if (System.getProperty("rekur.made") != null) {
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                arrays.put("input_" + i, inputs.get(i));
            }
            for (int i = 0; i < outputs.size(); i++) {
                arrays.put("output_" + i, outputs.get(i));
            }
            NumpyWriter.npz(folder(graph).resolve("expected.npz"), arrays);
        }
    }

    @Test
    void aModelIsTrainedFrozenInPartAndSaved() throws IOException {
        Graph graph = residual();
        Model model = fresh(graph).withTrainable("embedding", false).withTrainable("both", false);
        IntTensor labels =
                IntTensor.wrap(Shape.of(12), new Random(1).ints(12, 0, 3).toArray());
        Training training = Trainer.of(model)
                .optimizer(Adam.with().learningRate(1e-2))
                .loss("sparse_categorical_crossentropy")
                .metrics("accuracy")
                .fit(Dataset.of(inputs(graph, 12), List.of(labels), List.of()), epochs(3));
        Model trained = training.model();
        for (GraphLayer layer : trained.graph().layers()) {
            boolean moved = layer.weights().stream().anyMatch(spec -> !trained.weights()
                    .get(layer.name(), spec.path())
                    .equals(model.weights().get(layer.name(), spec.path())));
            assertThat(moved)
                    .as(layer.name())
                    .isEqualTo(List.of("rnn", "norm", "classes").contains(layer.name()));
        }
        Path path = folder(graph).resolve("trained.keras");
        trained.save(path);
        Model again = Rekur.load(path);
        assertThat(again.graph().layers().stream()
                        .filter(layer -> !layer.trainable())
                        .map(GraphLayer::name))
                .containsExactly("embedding", "both");
        assertThat(again.predict(inputs(graph, 5))).isEqualTo(trained.predict(inputs(graph, 5)));
        Training further = Trainer.of(again).fit(Dataset.of(inputs(graph, 12), List.of(labels), List.of()), epochs(1));
        assertThat(further.history().values("loss").get(0))
                .isLessThan(training.history().values("loss").get(0));
    }

    /** What {@code made_in_code.py} found when it last was run. */
    @Test
    void realKerasOpensWhatIsWritten() throws IOException {
        Path verdicts = GoldenFiles.root().resolveSibling("made-in-code.json");
        Map<String, Object> found = JsonReader.readObject(Files.readString(verdicts), IllegalStateException::new);
        Set<String> files = new TreeSet<>();
        graphs().forEach(graph -> FILES.forEach(file -> files.add(graph.name() + "/" + file)));
        files.add("residual/trained.keras");
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(files);
        found.forEach((file, verdict) ->
                assertThat(verdict).as(file).isEqualTo(file.endsWith("trained.keras") ? "goes on" : "as expected"));
    }

    @Test
    void aLayerInsideAModelIsFrozen() {
        Model model = fresh(nested()).withTrainable("inner/rnn", false);
        assertThat(model.graph().flat().layers().stream()
                        .filter(layer -> !layer.weights().isEmpty() && !layer.isTrained())
                        .map(GraphLayer::name))
                .containsExactly("inner/rnn");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> model.withTrainable("inner/nothing", false))
                .withMessageContaining("rnn");
    }

    @Test
    void whatDoesNotFitIsSaidAtOnce() {
        ModelBuilder builder = new ModelBuilder("wrong");
        Value tokens = builder.input("x", 4);
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> builder.call("rnn", lstm(3, RecurrentOptions.DEFAULT), tokens))
                .withMessageContaining("layer 'rnn' (LSTM)")
                .withMessageContaining("expected an input [batch, time, features]");
    }

    /** A layer of the user's own that cannot be written. */
    private record Doubled() implements Layer {
        @Override
        public String className() {
            return "Doubled";
        }

        @Override
        public List<Shape> outputShapes(List<Shape> inputs) {
            return inputs;
        }

        @Override
        public Operation forward(Binding binding) {
            throw new IllegalStateException("it is not run");
        }
    }

    @Test
    void aLayerWithoutAConfigurationIsNamed() {
        ModelBuilder builder = new ModelBuilder("own");
        Value x = builder.input("x", 4);
        Model model = fresh(builder.graph(builder.call("doubled", new Doubled(), x)));
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> model.save(temporary.resolve("own.keras")))
                .withMessageContaining("layer 'doubled' (Doubled)")
                .withMessageContaining("cannot be written");
    }
}
