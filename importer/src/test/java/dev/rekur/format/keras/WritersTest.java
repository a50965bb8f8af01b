package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.Rekur;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.hdf5.Hdf5Group;
import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.TextTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files hold besides what loading them again can show. */
class WritersTest {
    @TempDir
    private Path folder;

    @Test
    void whatKerasWroteIsInTheArchiveAsItWas() throws IOException {
        Path original = golden("trained_adam/model.keras");
        Map<String, byte[]> before = Archives.entries(original);
        Map<String, byte[]> after = Archives.entries(save(Rekur.load(original), "a.keras", SaveOptions.KERAS_3));
        assertThat(after).containsOnlyKeys("metadata.json", "config.json", "model.weights.h5");
        assertThat(text(after.get("config.json"))).isEqualTo(text(before.get("config.json")));
        assertThat(text(after.get("metadata.json")))
                .matches(
                        "\\{\"keras_version\": \"3.15.1\", \"date_saved\": \"\\d{4}-\\d\\d-\\d\\d@\\d\\d:\\d\\d:\\d\\d\"\\}");
        Hdf5Group read = open(after.get("model.weights.h5"));
        Hdf5Group written = open(before.get("model.weights.h5"));
        assertSameTree(read, written);
        assertThat(read.dataset("optimizer/vars/0").orElseThrow().elementType()).isEqualTo("int64");
    }

    @Test
    void equalModelsMakeEqualBytesButForTheDate() throws IOException {
        Model model = Rekur.load(golden("text_classifier_adapted/model.keras"));
        Map<String, byte[]> first = Archives.entries(save(model, "a.keras", SaveOptions.KERAS_3));
        Map<String, byte[]> second = Archives.entries(save(model, "b.keras", SaveOptions.KERAS_3));
        first.remove("metadata.json");
        second.remove("metadata.json");
        assertThat(first.keySet()).isEqualTo(second.keySet());
        first.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(second.get(name)));
        assertThat(Files.readAllBytes(save(model, "a.h5", SaveOptions.KERAS_3)))
                .isEqualTo(Files.readAllBytes(save(model, "b.h5", SaveOptions.KERAS_3)));
    }

    @Test
    void vocabulariesThatWereLearnedAreAssetsAgain() throws IOException {
        Path original = golden("text_classifier_adapted/model.keras");
        Map<String, byte[]> before = Archives.entries(original);
        Map<String, byte[]> after = Archives.entries(save(Rekur.load(original), "a.keras", SaveOptions.KERAS_3));
        assertThat(after.keySet()).containsExactlyInAnyOrderElementsOf(before.keySet());
        before.keySet().stream()
                .filter(name -> name.startsWith("assets/"))
                .forEach(name -> assertThat(after.get(name)).as(name).isEqualTo(before.get(name)));
    }

    @Test
    void formatsWithoutAssetsHoldVocabulariesInTheConfiguration() {
        Model model = Rekur.load(golden("text_tf_idf_adapted/model.keras"));
        TextTensor texts =
                TextTensor.wrap(dev.rekur.tensor.Shape.of(2, 1), new String[] {"the cat sat", "on \u65e5\u672c"});
        for (String name : List.of("a.h5", "a.keras")) {
            assertThat(Rekur.load(save(model, name, SaveOptions.KERAS_3)).predict(texts))
                    .isEqualTo(model.predict(texts));
        }
        Path configuration = save(model, "a.json", SaveOptions.KERAS_3);
        Path weights = save(model, "a.weights.h5", SaveOptions.KERAS_3);
        assertThat(Rekur.load(configuration, weights).predict(texts)).isEqualTo(model.predict(texts));
    }

    @Test
    void namesThatNoAttributeHoldsAreSplitAsKerasDoes() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            names.add("layer_" + i + "_with_a_name_of_some_length_\u65e5");
        }
        NewGroup root = new NewGroup();
        LegacyVariablesWriter.names(root, "layer_names", names);
        LegacyVariablesWriter.names(root, "weight_names", names.subList(0, 100));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Hdf5Writer(root).write(out);
        Hdf5Group read = open(out.toByteArray());
        assertThat(read.attributeNames()).containsExactly("layer_names0", "layer_names1", "weight_names");
        List<String> joined = new ArrayList<>(read.texts("layer_names0").orElseThrow());
        assertThat(joined).hasSize(1500);
        joined.addAll(read.texts("layer_names1").orElseThrow());
        assertThat(joined).isEqualTo(names);
    }

    @Test
    void legacyFilesNameWeightsAsTheirKerasDoes() throws IOException {
        Model model = Rekur.load(golden("lesson_5_bidirectional_concat/model.keras"));
        Hdf5Group keras3 = open(Files.readAllBytes(save(model, "3.h5", SaveOptions.KERAS_3)));
        Hdf5Group keras2 = open(Files.readAllBytes(save(model, "2.h5", SaveOptions.KERAS_2)));
        assertThat(keras3.text("keras_version")).hasValue("3.15.1");
        assertThat(keras2.text("keras_version")).hasValue("2.15.0");
        assertThat(weightNames(keras3))
                .startsWith("bidirectional/forward_simple_rnn/simple_rnn_cell/kernel")
                .contains("bidirectional/backward_simple_rnn/simple_rnn_cell/bias");
        assertThat(weightNames(keras2)).startsWith("bidirectional/forward_simple_rnn/simple_rnn_cell/kernel:0");
    }

    @Test
    void allThatAnotherKerasLacksIsNamedAtOnce() {
        Model model = Rekur.load(golden("lstm_activations_keras3/model.keras"));
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> save(model, "a.h5", SaveOptions.KERAS_2))
                .satisfies(refusal -> assertThat(refusal.problems()).allSatisfy(problem -> {
                    assertThat(problem.place()).contains("(LSTM)");
                    assertThat(problem.finding()).contains("activation'").contains("Keras 2");
                }));
        assertThat(folder.resolve("a.h5")).doesNotExist();
        Model masked = Rekur.load(golden("masks_add_both/model.keras"));
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> save(masked, "a.h5", SaveOptions.KERAS_2))
                .withMessageContaining("the way it is masked");
    }

    private Path save(Model model, String name, SaveOptions options) {
        Path file = folder.resolve(name);
        model.save(file, options);
        return file;
    }

    private static List<String> weightNames(Hdf5Group root) {
        return root.group("model_weights/bidirectional")
                .orElseThrow()
                .texts("weight_names")
                .orElseThrow();
    }

    private static void assertSameTree(Hdf5Group found, Hdf5Group expected) {
        assertThat(found.names()).as(found.path()).isEqualTo(expected.names());
        assertThat(found.text("name")).as(found.path()).isEqualTo(expected.text("name"));
        for (String name : expected.names()) {
            if (expected.node(name).orElseThrow() instanceof Hdf5Group inner) {
                assertSameTree(found.group(name).orElseThrow(), inner);
            } else {
                assertThat(found.dataset(name).orElseThrow().elementType())
                        .isEqualTo(expected.dataset(name).orElseThrow().elementType());
                assertThat(found.dataset(name).orElseThrow().floats())
                        .isEqualTo(expected.dataset(name).orElseThrow().floats());
            }
        }
    }

    private static Path golden(String file) {
        return GoldenFiles.root().resolve(file);
    }

    private static Hdf5Group open(byte[] bytes) {
        return Hdf5File.open("written", bytes, 0, bytes.length).root();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
