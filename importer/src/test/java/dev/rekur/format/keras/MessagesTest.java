package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.RekurException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users are told, in parts that programs can use. */
class MessagesTest {
    private static final String KERAS_1 = "{'class_name': 'Sequential'%s, 'config': [{'class_name': 'GRU', 'config': {"
            + "'name': 'gru_1', 'inner_activation': 'hard_sigmoid', 'output_dim': 4, 'consume_less': 'cpu', 'init':"
            + " 'glorot_uniform', 'inner_init': 'orthogonal', 'batch_input_shape': [null, 5, 3]}}]}";

    private static final Path WEIGHTS = GoldenFiles.root().resolve("dense_smallest/model.weights.h5");

    @Test
    void aProblemHasItsPartsAndItsTopic(@TempDir Path folder) throws IOException {
        RekurException failure = refusal(json(
                folder,
                "{'class_name': 'Sequential', 'config': {'layers': ["
                        + "{'class_name': 'Lambda', 'config': {'name': 'f', 'batch_input_shape': [null, 3]}}]}}"));

        assertThat(failure.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.place()).contains("layer 'f' (Lambda) at $.config.layers[0]");
            assertThat(problem.finding()).contains("never runs");
            assertThat(problem.remedy()).contains("Replace it").doesNotContain("docs/");
            assertThat(problem.link()).isEqualTo("docs/TROUBLESHOOTING.md#code-in-models");
            assertThat(problem.topic()).isEqualTo("code-in-models");
        });
        assertThat(failure.getMessage()).endsWith(". docs/TROUBLESHOOTING.md#code-in-models");
        assertThat(failure.message(link -> "see " + link.length()))
                .endsWith(". see 38")
                .doesNotContain("docs/");
        assertThat(failure.message(link -> "")).endsWith(".").doesNotContain("docs/");
    }

    @Test
    void keras1IsOneProblemThatSaysWhatConvertsIt(@TempDir Path folder) throws IOException {
        for (String version : List.of(", 'keras_version': '1.1.1'", ", 'keras_version': '0.3.3'", "")) {
            RekurException failure = refusal(json(folder, KERAS_1.formatted(version)));
            assertThat(failure).isInstanceOf(UnsupportedModelException.class);
            assertThat(failure.problems()).singleElement().satisfies(problem -> assertThat(problem.toString())
                    .contains("Keras 1", "Keras 2 converts it", "#keras-1"));
        }
    }

    @Test
    void aSettingThatKeras1HadMakesNoFileOfKeras1(@TempDir Path folder) throws IOException {
        String sequential =
                "{'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'InputLayer', 'config': {"
                        + "'name': 'x', %s: [null, 3]}}, {'class_name': 'Mine'%s, 'config': {'name': 'mine', 'init': 'zeros'}}]}}";
        for (String[] sign : new String[][] {
            {"'batch_shape'", ""},
            {"'batch_input_shape'", ", 'module': 'mine'"},
            {"'batch_input_shape'", ", 'registered_name': 'Custom>Mine'"},
            {"'batch_input_shape'", ", 'build_config': {'input_shape': [null, 3]}"}
        }) {
            assertThat(refusal(json(folder, sequential.formatted((Object[]) sign))))
                    .as(sign[0] + sign[1])
                    .hasMessageContaining("layer 'mine' (Mine)")
                    .hasMessageNotContaining("Keras 1");
        }
    }

    @Test
    void anOperationIsNamedWithItsModule(@TempDir Path folder) throws IOException {
        Path file = json(
                folder,
                "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [{'class_name': 'InputLayer',"
                        + " 'name': 'x', 'config': {'name': 'x', 'batch_shape': [null, 1]}}, {'module': 'keras.src.ops.numpy',"
                        + " 'class_name': 'Add', 'name': 'add', 'config': {'name': 'add'}, 'inbound_nodes': [{'args': ["
                        + "{'class_name': '__keras_tensor__', 'config': {'keras_history': ['x', 0, 0]}}, 2], 'kwargs': {}}]}],"
                        + " 'input_layers': [['x', 0, 0]], 'output_layers': [['add', 0, 0]]}}");
        ModelReading reading = Rekur.read(ModelSource.of(file, WEIGHTS));

        assertThat(reading.layers()).contains(new ModelReading.LayerReport("add", "keras.ops.Add", false));
        assertThat(reading.problems()).singleElement().satisfies(problem -> assertThat(problem.finding())
                .contains("'Add' of keras.ops"));
    }

    @Test
    void aFileThatCannotBeReadSaysWhy() {
        assertThat(SourceBytes.unreadable("m.keras", new AccessDeniedException("m.keras")))
                .hasMessageContaining("m.keras: cannot be read: permission is denied");
        assertThat(SourceBytes.unreadable("m.keras", new FileSystemException("m.keras", null, "Stale file handle")))
                .hasMessageContaining("cannot be read: Stale file handle");
        assertThat(SourceBytes.unreadable("m.keras", new IOException("Input/output error")))
                .hasMessageContaining("cannot be read: Input/output error");
    }

    @Test
    void aFolderAndNothingAreNotTakenForFiles(@TempDir Path folder) {
        assertThatThrownBy(() -> Rekur.load(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("a folder without 'config.json'");
        assertThatThrownBy(() -> Rekur.load(Path.of("/")))
                .isInstanceOf(RekurException.class)
                .hasMessageStartingWith("/: ");
        for (Runnable load : List.<Runnable>of(
                () -> Rekur.load(null), () -> Rekur.load("m", null), () -> Rekur.load(null, new byte[3]))) {
            assertThatThrownBy(load::run)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("found null");
        }
    }

    @Test
    void inputsThatAreNullAreNamed() {
        Model model = Rekur.load(GoldenFiles.root().resolve("dense_smallest/model.h5"));
        for (Runnable predict : List.<Runnable>of(
                () -> model.predict((Tensor) null),
                () -> model.predict(Arrays.asList((Tensor) null)),
                () -> model.predict((List<Tensor>) null),
                () -> model.predictor().session().predict((List<Tensor>) null),
                () -> model.predictor().predict((float[]) null, 1, new float[1]),
                () -> model.predictor().predict(new float[1], 1, null))) {
            assertThatThrownBy(predict::run)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("null");
        }
    }

    private static RekurException refusal(Path configuration) {
        ModelReading reading = Rekur.read(ModelSource.of(configuration, WEIGHTS));
        assertThat(reading.model()).isEmpty();
        return Problem.exception(reading.source(), reading.problems());
    }

    private static Path json(Path folder, String text) throws IOException {
        return Files.write(folder.resolve("model.json"), text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
