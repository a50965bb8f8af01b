package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.graph.GraphLayer;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models inside models: reached by paths, changed, written back; and what is wrong with them, said with its place. */
class NestedModelsTest {
    private static final Tensor TOKENS = Tensor.of(new int[] {1, 2, 3, 4, 5, 6, 7}, 1, 7);

    @TempDir
    private Path folder;

    private static Path golden(String name) {
        return GoldenFiles.root().resolve(name).resolve("model.keras");
    }

    private static Model load(String name) {
        return Rekur.load(golden(name));
    }

    private static List<String> trainable(Model model) {
        return model.graph().flat().layers().stream()
                .filter(layer -> layer.trainable() && !layer.weights().isEmpty())
                .map(GraphLayer::name)
                .toList();
    }

    private Model saved(Model model, String name, SaveOptions options) {
        Path file = folder.resolve(name);
        model.save(file, options);
        return Rekur.load(file);
    }

    @Test
    void aNestedModelIsFrozenAndUnfrozenWithAllThatIsInIt() {
        Model frozen = load("nested_transfer");
        assertThat(trainable(frozen)).containsExactly("head");
        Model unfrozen = frozen.withTrainable("encoder", true);
        assertThat(trainable(unfrozen)).containsExactly("encoder/embedding", "encoder/recurrent", "head");
        assertThat(unfrozen.configuration()
                        .orElseThrow()
                        .layer("encoder/tokens")
                        .orElseThrow())
                .as("Keras refuses an input with a flag")
                .doesNotContainKey("trainable");
        assertThat(trainable(unfrozen.withTrainable("encoder", false))).containsExactly("head");
    }

    @Test
    void aLayerInsideIsFrozenByItsPathAndStaysSoInEveryFormat() {
        Model changed = load("nested_transfer").withTrainable("encoder/recurrent", true);
        assertThat(trainable(changed)).containsExactly("encoder/recurrent", "head");
        List<Tensor> expected = changed.predict(List.of(TOKENS));
        for (Model again : List.of(
                saved(changed, "m.keras", SaveOptions.KERAS_3),
                saved(changed, "m.h5", SaveOptions.KERAS_3),
                saved(changed, "m2.h5", SaveOptions.KERAS_2))) {
            assertThat(trainable(again)).isEqualTo(trainable(changed));
            assertThat(again.predict(List.of(TOKENS))).isEqualTo(expected);
        }
    }

    @Test
    void patternsReachLayersInside() {
        Model model = load("nested_deep");
        assertThat(trainable(Trainer.of(model).freeze("outer/inner/*").model()))
                .containsExactly("outer/dense", "outer/recurrent", "dense");
        assertThat(trainable(Trainer.of(model).freeze("*/dense").model()))
                .containsExactly("outer/inner/recurrent", "outer/recurrent", "dense");
        assertThat(trainable(Trainer.of(model)
                        .freeze("outer")
                        .unfreeze("outer/recurrent")
                        .model()))
                .containsExactly("outer/recurrent", "dense");
        assertThat(trainable(Trainer.of(model).freeze("*").model())).isEmpty();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Trainer.of(model).freeze("inner"))
                .withMessageContaining("outer/inner, outer/inner/sequence, outer/inner/dense");
    }

    @Test
    void aLayerInsideCanBeAnotherOne() {
        Model model = load("nested_deep");
        Map<String, Object> config = new LinkedHashMap<>(
                model.configuration().orElseThrow().layer("outer/inner/dense").orElseThrow());
        config.put("activation", "relu");
        Model changed = saved(model.withLayer("outer/inner/dense", config), "m.keras", SaveOptions.KERAS_3);
        assertThat(changed.configuration()
                        .orElseThrow()
                        .layer("outer/inner/dense")
                        .orElseThrow())
                .containsEntry("activation", "relu");
        assertThat(changed.configuration().orElseThrow().layer("outer/dense").orElseThrow())
                .containsEntry("activation", "tanh");
        Tensor input = Tensor.of(new float[24], 1, 6, 4);
        assertThat(changed.predict(input)).isNotEqualTo(model.predict(input));
        assertThat(changed.weights().get("outer/inner/dense", "kernel"))
                .isEqualTo(model.weights().get("outer/inner/dense", "kernel"));
    }

    @Test
    void aNewHeadMayBeInsideAModel() {
        Model model = load("nested_with_frozen_layer");
        Model changed = saved(Trainer.of(model).replaceHead("inner/last", 7).model(), "m.keras", SaveOptions.KERAS_3);
        assertThat(changed.predict(Tensor.of(new float[20], 1, 5, 4)).shape()).isEqualTo(Shape.of(1, 7));
        assertThat(changed.weights().get("inner/first", "cell/kernel"))
                .isEqualTo(model.weights().get("inner/first", "cell/kernel"));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Trainer.of(model).replaceHead("inner", 7))
                .withMessageContaining("no units to change");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Trainer.of(load("nested_deep")).replaceHead("outer/inner/dense", 7))
                .withMessageContaining("followed by layer 'outer/inner/recurrent'");
    }

    @Test
    void aSequentialModelHasTheInputOfTheModelItBeginsWith() throws IOException {
        String shape = "\"build_input_shape\": [null, 7]";
        String input =
                "{\"module\": \"keras.layers\", \"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 7],"
                        + " \"dtype\": \"float32\", \"sparse\": false, \"ragged\": false, \"name\": \"input_layer\", \"optional\": false},"
                        + " \"registered_name\": null}, ";
        Map<String, byte[]> entries = Archives.entries(golden("nested_at_the_beginning"));
        String config = new String(entries.get("config.json"), StandardCharsets.UTF_8);
        assertThat(config).contains(shape, input);
        String older = config.replace(", " + shape, "")
                .replace(input, "")
                .replace("\"build_config\": {\"input_shape\": [null, 7]}, ", "");
        entries.put("config.json", older.getBytes(StandardCharsets.UTF_8));
        Model model = Rekur.load("older", Archives.pack(entries));
        assertThat(model.graph().inputNames()).containsExactly("input_layer");
        assertThat(model.predict(TOKENS))
                .isEqualTo(load("nested_at_the_beginning").predict(TOKENS));
    }

    @Test
    void everyLayerInsideIsReported() {
        ModelReading reading = Rekur.read(ModelSource.of(golden("nested_siamese")));
        assertThat(reading.layers())
                .extracting(ModelReading.LayerReport::name)
                .contains("encoder", "encoder > embedding", "encoder > not_equal", "encoder > recurrent");
        assertThat(reading.layers()).allMatch(ModelReading.LayerReport::supported);
    }

    private static Model edited(String name, String from, String to) throws IOException {
        Map<String, byte[]> entries = Archives.entries(golden(name));
        String config = new String(entries.get("config.json"), StandardCharsets.UTF_8);
        assertThat(config).contains(from);
        entries.put("config.json", config.replace(from, to).getBytes(StandardCharsets.UTF_8));
        return Rekur.load("edited", Archives.pack(entries));
    }

    @Test
    void whatIsWrongInsideIsSaidWithItsPlace() {
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> edited("nested_transfer", "\"mask_zero\": false", "\"mask_ones\": true"))
                .withMessageContaining("'embedding' (Embedding)")
                .withMessageContaining("$.config.layers[1].config.layers[1]")
                .withMessageContaining("mask_ones");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> edited(
                        "nested_transfer",
                        "\"registered_name\": \"Functional\", \"build_config\": {\"input_shape\": null}, \"compile_config\": {}, \"name\"",
                        "\"registered_name\": \"mine>Encoder\", \"name\""))
                .withMessageContaining("mine>Encoder");
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> edited("nested_inputs_outputs", "[[\"a\", 0, 0], [\"b\", 0, 0]]", "[[\"a\", 0, 0]]"))
                .withMessageContaining("is not among the model's 'input_layers'");
    }

    @Test
    void callsOfModelsAreCountedAsTheFileCountsThem() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> edited("nested_inputs_outputs", "[\"two\", 1, 1]", "[\"two\", 0, 1]"))
                .withMessageContaining("refers to call -1 of layer 'two'");
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> edited("nested_inputs_outputs", "[\"two\", 1, 1]", "[\"two\", 3, 1]"))
                .withMessageContaining("refers to call 2 of layer 'two', which has 2 calls");
    }

    @Test
    void aMissingWeightInsideIsNamedByItsPlace() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> edited("nested_transfer", "\"units\": 5", "\"units\": 6"))
                .withMessageContaining("'recurrent' (SimpleRNN)")
                .withMessageContaining("layers/functional/layers/simple_rnn/cell/vars/0");
    }
}
