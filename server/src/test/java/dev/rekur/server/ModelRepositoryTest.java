package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding models of real Keras in the paths a user names. */
class ModelRepositoryTest {
    private static final String CASE = "simple_rnn_no_bias";

    @TempDir
    Path folder;

    @Test
    void aFileIsServedUnderItsNameWithoutExtension() throws IOException {
        Path file = copy(folder.resolve("sentiment.keras"));
        ModelRepository models = ModelRepository.load(file);
        assertThat(models.names()).containsExactly("sentiment");
        assertThat(models.latest("sentiment").version()).isEqualTo(1);
    }

    @Test
    void anUnpackedModelIsToldByItsConfig() throws IOException {
        unpack(folder.resolve("sentiment.keras"));
        assertThat(ModelRepository.load(folder.resolve("sentiment.keras")).names())
                .containsExactly("sentiment");
        unpack(folder.resolve("plain"));
        assertThat(ModelRepository.load(folder.resolve("plain")).names()).containsExactly("plain");
    }

    @Test
    void aFolderHoldsFilesUnpackedModelsAndVersions() throws IOException {
        copy(folder.resolve("a.keras"));
        Files.copy(Fixtures.require("golden", CASE, "model.h5"), folder.resolve("b.h5"));
        unpack(folder.resolve("c"));
        copy(Files.createDirectories(folder.resolve("d/9")).resolve("model.keras"));
        copy(Files.createDirectories(folder.resolve("d/10")).resolve("anything.keras"));
        unpack(folder.resolve("d/2"));
        // what is no model is no concern
        Files.createDirectories(folder.resolve("empty"));
        Files.writeString(folder.resolve("README.md"), "models");
        Files.writeString(folder.resolve(".hidden.keras"), "");
        Files.writeString(folder.resolve("a.weights.h5"), "");

        ModelRepository models = ModelRepository.load(folder);
        assertThat(models.names()).containsExactly("a", "b", "c", "d");
        assertThat(models.versions("d").stream().map(ServedModel::version)).containsExactly(2L, 9L, 10L);
        assertThat(models.latest("d").version()).isEqualTo(10);

        // the folder of one model's versions may be named itself
        assertThat(ModelRepository.load(folder.resolve("d")).versions("d")).hasSize(3);
    }

    @Test
    void aFileOfAFormatThatNobodyReadsIsNoConcern() throws IOException {
        copy(folder.resolve("a.keras"));
        Files.writeString(folder.resolve("a.onnx"), "the same model for somebody else");
        assertThat(ModelRepository.load(folder).names()).containsExactly("a");
    }

    @Test
    void aVersionWithTwoModelsIsAMistake() throws IOException {
        Path version = Files.createDirectories(folder.resolve("d/1"));
        copy(version.resolve("a.keras"));
        copy(version.resolve("b.keras"));
        assertThatThrownBy(() -> ModelRepository.load(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected one model")
                .hasMessageContaining("a.keras");
    }

    @Test
    void twoModelsOfOneNameAreAMistake() throws IOException {
        Path one = copy(Files.createDirectories(folder.resolve("one")).resolve("model.keras"));
        Path other = copy(Files.createDirectories(folder.resolve("other")).resolve("model.keras"));
        assertThatThrownBy(() -> ModelRepository.load(one, other))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("two models are called 'model'");
    }

    @Test
    void missingAndEmptyPathsAreSaid() {
        assertThatThrownBy(() -> ModelRepository.load(folder.resolve("nothing")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> ModelRepository.load(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no model in this folder");
    }

    @Test
    void everyBrokenModelIsReportedAtOnce() throws IOException {
        Files.writeString(folder.resolve("a.keras"), "no archive");
        copy(folder.resolve("b.keras"));
        Files.writeString(folder.resolve("c.h5"), "no HDF5");
        assertThatThrownBy(() -> ModelRepository.load(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("2 models cannot be served")
                .hasMessageContaining("a.keras")
                .hasMessageContaining("c.h5");
    }

    @Test
    void labelsLieBesideTheModel() throws IOException {
        Path file = folder.resolve("model.keras");
        Files.copy(Fixtures.example("debian-sections-tokens.keras"), file);
        Files.writeString(folder.resolve("labels.json"), "[\"a\", \"b\", \"c\", \"d\", \"e\"]");
        assertThat(labels(file)).containsExactly("a", "b", "c", "d", "e");
        // those of the model's own name come first
        Files.writeString(
                folder.resolve("model.labels.json"),
                "{\"labels\": {\"section\": [\"1\", \"2\", \"3\", \"4\", \"5\"]}}");
        assertThat(labels(file)).containsExactly("1", "2", "3", "4", "5");
        // too few name nothing
        Files.writeString(folder.resolve("model.labels.json"), "[\"a\"]");
        assertThat(labels(file)).isEmpty();
        Files.writeString(folder.resolve("model.labels.json"), "[1]");
        assertThat(labels(file))
                .as("a model is served without names that cannot be read")
                .isEmpty();
    }

    @Test
    void twoNamesBelongToAnOutputOfOneValue() {
        Signature.Port output = new Signature.Port("p", ValueKind.FLOAT, Shape.of(Shape.UNKNOWN, 1));
        assertThat(Labels.of(List.of("no", "yes")).of(output)).containsExactly("no", "yes");
        assertThat(Labels.of(List.of("no", "yes", "maybe")).of(output)).isEmpty();
    }

    @Test
    void aConfigurationIsServedWithTheWeightsBesideIt() throws IOException {
        copyParts(folder.resolve("parts.json"), folder.resolve("parts.weights.h5"));
        assertThat(ModelRepository.load(folder).names()).containsExactly("parts");
        assertThat(ModelRepository.load(folder.resolve("parts.json")).names()).containsExactly("parts");
        Path version = Files.createDirectories(folder.resolve("versions/text/3"));
        copyParts(version.resolve("model.json"), version.resolve("model.weights.h5"));
        assertThat(ModelRepository.load(folder.resolve("versions"))
                        .latest("text")
                        .version())
                .isEqualTo(3);
    }

    @Test
    void aConfigurationIsServedWithWeightsThatAreNamed() throws IOException {
        copyParts(folder.resolve("parts.json"), folder.resolve("epoch-7.weights.h5"));
        assertThat(ModelRepository.loadConfiguration(folder.resolve("parts.json"), folder.resolve("epoch-7.weights.h5"))
                        .names())
                .containsExactly("parts");
        assertThatThrownBy(() -> ModelRepository.load(folder.resolve("parts.json")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("configuration without weights");
    }

    private static void copyParts(Path configuration, Path weights) throws IOException {
        Files.copy(Fixtures.require("golden", CASE, "config.json"), configuration);
        Files.copy(Fixtures.require("golden", CASE, "model.weights.h5"), weights);
    }

    @Test
    void theBundledExamplesComeWithLabelsAndSamples() {
        ModelRepository models = ModelRepository.bundled();
        assertThat(models.names()).containsExactly("debian-sections", "debian-sections-tokens");
        ServedModel text = models.latest("debian-sections");
        assertThat(text.labels().of(text.signature().outputs().get(0)))
                .containsExactly("games", "graphics", "net", "science", "sound");
        assertThat(text.labels().examples()).isNotEmpty();
    }

    private static java.util.List<String> labels(Path file) {
        ServedModel model = ModelRepository.load(file).latest("model");
        return model.labels().of(model.signature().outputs().get(0));
    }

    private static Path copy(Path to) throws IOException {
        return Files.copy(Fixtures.golden(CASE), to);
    }

    private static void unpack(Path to) throws IOException {
        Files.createDirectories(to);
        try (InputStream file = Files.newInputStream(Fixtures.golden(CASE));
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = to.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target);
                }
            }
        }
    }
}
