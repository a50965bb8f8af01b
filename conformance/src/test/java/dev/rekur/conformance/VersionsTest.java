package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.rekur.Rekur;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelSource;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.data.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same seven models as thirteen versions of Keras wrote them, {@code fixtures/versions}: each predicts what its own Keras predicts,
 * trains on as that Keras does, and is the same model when it is written for Keras 3 or 2. With the system property {@code
 * rekur.versions} the files are kept there, for {@code fixtures/generate/versions_round_trips.py} to load them with real Keras.
 */
class VersionsTest {
    private static final Set<String> VERSIONS = Set.of(
            "2.1.3", "2.2.4", "2.3.1", "tf2.1", "2.8", "2.12", "2.15", "3.0.5", "3.3.3", "3.5.0", "3.8.0", "3.12.0",
            "3.15.1");

    private static final double TOLERANCE = 1e-5;
    private static final double TRAINED = 2e-5;

    /** What is not right yet, by name; what is right must not stand there. */
    private static final String EXPECTED_FAILURES = "versions-expected-failures.txt";

    /** What real Keras does otherwise with what Rekur wrote, and why that is right. */
    private static final String VERDICTS = "versions-verdicts.txt";

    /** Keras 3 writes no version into a configuration by itself, so such a file is read as one of the newest. */
    private static final Set<String> OF_UNKNOWN_VERSION = Set.of("3.0.5/masks.json", "3.3.3/masks.json");

    @TempDir
    Path temporary;

    private record ModelFile(Path folder, String name, String file, String weights, List<Double> losses) {
        Model read() {
            Path path = folder.resolve(file);
            ModelSource source = weights == null ? ModelSource.of(path) : ModelSource.of(path, folder.resolve(weights));
            return Rekur.read(source).modelOrThrow();
        }

        Tensor array(String what, String array) {
            return NumpyReader.read(folder.resolve(name + "." + what + ".npz")).get(array);
        }

        List<Double> numbers(String key) {
            Map<?, ?> models =
                    (Map<?, ?>) GoldenCase.json(folder.resolve("versions.json")).get("models");
            List<?> values = (List<?>) ((Map<?, ?>) models.get(name)).get(key);
            return values.stream().map(GoldenTraining::number).toList();
        }

        String version() {
            return folder.getFileName().toString();
        }

        boolean isOfKeras2() {
            return !version().startsWith("3");
        }

        @Override
        public String toString() {
            return version() + "/" + file;
        }
    }

    private static Path root() {
        return GoldenCase.root().resolveSibling("versions");
    }

    private static List<ModelFile> files() {
        List<ModelFile> files = new ArrayList<>();
        for (String version : new TreeSet<>(VERSIONS)) {
            Path folder = root().resolve(version);
            Map<String, Object> manifest = GoldenCase.json(folder.resolve("versions.json"));
            ((Map<?, ?>) manifest.get("models")).forEach((name, value) -> {
                Map<?, ?> model = (Map<?, ?>) value;
                for (Object entry : (List<?>) model.get("files")) {
                    Map<?, ?> file = (Map<?, ?>) entry;
                    List<Double> losses = ((List<?>) model.get("losses"))
                            .stream().map(GoldenTraining::number).toList();
                    files.add(new ModelFile(
                            folder, (String) name, (String) file.get("file"), (String) file.get("weights"), losses));
                }
            });
        }
        return files;
    }

    @Test
    void everyVersionIsThere() throws IOException {
        try (Stream<Path> folders = Files.list(root())) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(VERSIONS);
        }
    }

    @TestFactory
    Stream<DynamicTest> predictsAsTheKerasThatWroteIt() {
        return each("predicts", file -> true, VersionsTest::predicts);
    }

    @TestFactory
    Stream<DynamicTest> trainsOnAsTheKerasThatWroteIt() {
        return each("trains", file -> file.weights() == null, VersionsTest::trains);
    }

    @TestFactory
    Stream<DynamicTest> evaluatesAsTheKerasThatWroteIt() {
        return each("evaluates", file -> file.name().equals("steps"), VersionsTest::evaluates);
    }

    @TestFactory
    Stream<DynamicTest> isTheSameModelForKeras3() {
        return each("keras 3", VersionsTest::isForKeras3, file -> roundTrip(file, "rekur.keras", SaveOptions.KERAS_3));
    }

    @TestFactory
    Stream<DynamicTest> isTheSameModelForKeras2() {
        return each("keras 2", VersionsTest::isForKeras2, file -> roundTrip(file, "rekur.h5", SaveOptions.KERAS_2));
    }

    /** What {@code versions_round_trips.py} found when it last was run. */
    @Test
    void realKerasReadsAndTrainsWhatRekurWrites() {
        Map<String, Object> verdicts = GoldenCase.json(root().resolveSibling("versions-round-trips.json"));
        assertThat(verdicts.keySet()).containsExactlyInAnyOrder("rekur.keras", "rekur.h5");
        requireVerdicts(verdicts, "rekur.keras", VersionsTest::isForKeras3);
        requireVerdicts(verdicts, "rekur.h5", VersionsTest::isForKeras2);
    }

    private static void requireVerdicts(Map<String, Object> verdicts, String name, Predicate<ModelFile> which) {
        Map<String, String> expected = new TreeMap<>();
        for (ModelFile file : files()) {
            if (which.test(file) && !OF_UNKNOWN_VERSION.contains(file.toString())) {
                boolean withoutOptimizer = file.weights() != null || name.equals("rekur.h5") && !file.isOfKeras2();
                expected.put(file.toString(), withoutOptimizer ? "not compiled" : "trains on");
            }
        }
        for (String line : lines(VERDICTS)) {
            if (line.startsWith(name + " ")) {
                String[] exception = line.substring(name.length() + 1).split(": ", 2);
                expected.put(exception[0], exception[1]);
            }
        }
        assertThat(verdicts.get(name)).as(name).isEqualTo(expected);
    }

    /** Newer versions pass masks through merging layers, and have no way to say that one does not. */
    @TestFactory
    Stream<DynamicTest> masksThatEndInMergingLayersAreRefusedByName() {
        return each("refuses", VersionsTest::masksEndInMerging, file -> {
            for (SaveOptions options : List.of(SaveOptions.KERAS_3, SaveOptions.KERAS_2)) {
                Path path = folder(file).resolve("refused.h5");
                assertThatThrownBy(() -> file.read().save(path, options))
                        .isInstanceOf(UnsupportedModelException.class)
                        .hasMessageContaining("'gru' (GRU): the way it is masked");
            }
        });
    }

    private static boolean isForKeras3(ModelFile file) {
        return !masksEndInMerging(file) && !(file.isOfKeras2() && file.name().equals("text"));
    }

    private static boolean isForKeras2(ModelFile file) {
        return !masksEndInMerging(file) && !file.name().equals("text");
    }

    private static boolean masksEndInMerging(ModelFile file) {
        return file.name().equals("masks") && Set.of("3.0.5", "3.3.3").contains(file.version());
    }

    private static Stream<DynamicTest> each(String what, Predicate<ModelFile> which, Consumer<ModelFile> check) {
        Set<String> failures = lines(EXPECTED_FAILURES);
        return files().stream()
                .filter(which)
                .filter(file -> !OF_UNKNOWN_VERSION.contains(file.toString()))
                .map(file -> {
                    String name = what + " " + file;
                    return dynamicTest(name, () -> {
                        if (failures.contains(name)) {
                            assertThatThrownBy(() -> check.accept(file))
                                    .as(name)
                                    .isNotNull();
                        } else {
                            assertThatCode(() -> check.accept(file)).as(name).doesNotThrowAnyException();
                        }
                    });
                });
    }

    private static Set<String> lines(String resource) {
        try (InputStream lines = VersionsTest.class.getResourceAsStream(resource)) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void predicts(ModelFile file) {
        assertClose(
                file + " predicts",
                file.read().predict(file.array("data", "x")),
                file.array("expected", "output_0"),
                TOLERANCE);
    }

    private static void trains(ModelFile file) {
        Model model = file.read();
        Tensor x = file.array("data", "x");
        FloatTensor y = floats(file.array("data", "y"));
        List<Double> losses = new ArrayList<>();
        Model trained = Trainer.of(model)
                .onBatch((epoch, batch, values) -> losses.add(loss(values)))
                .fit(
                        Dataset.of(x, y),
                        FitOption.epochs(file.losses().size()),
                        FitOption.batchSize(x.shape().dimension(0)),
                        FitOption.shuffle(false))
                .model();
        for (int step = 0; step < losses.size(); step++) {
            double want = file.losses().get(step);
            assertThat(losses.get(step))
                    .as(file + ", loss of step " + step)
                    .isCloseTo(want, org.assertj.core.data.Offset.offset(TRAINED * (1 + Math.abs(want))));
        }
        assertClose(file + " trained", trained.predict(x), file.array("trained", "output_0"), TRAINED);
    }

    private static void evaluates(ModelFile file) {
        FloatTensor x = floats(file.array("data", "x"));
        FloatTensor y = floats(file.array("data", "y"));
        List<FloatTensor> weights = List.of(floats(file.array("data", "weights")));
        assertScores(file, "evaluated", Dataset.of(x, y));
        assertScores(file, "evaluated_with_weights", Dataset.of(List.of(x), List.of(y), weights));
    }

    /** Loss, metric and weighted metric, as far as the version keeps them in its files. */
    private static void assertScores(ModelFile file, String key, Dataset data) {
        Logs scores = Trainer.of(file.read()).evaluate(data, FitOption.batchSize(3));
        List<Double> wanted = file.numbers(key);
        List<String> names = List.of("loss", "mae", "mse").subList(0, wanted.size());
        assertThat(scores.names()).as(file + ", " + key).containsExactlyInAnyOrderElementsOf(names);
        for (int i = 0; i < wanted.size(); i++) {
            double want = wanted.get(i);
            assertThat(scores.value(names.get(i)))
                    .as(file + ", " + key + ": " + names.get(i))
                    .isCloseTo(want, org.assertj.core.data.Offset.offset(TRAINED * (1 + Math.abs(want))));
        }
    }

    private static double loss(Logs logs) {
        return logs.value("loss");
    }

    private void roundTrip(ModelFile file, String name, SaveOptions options) {
        Path path = folder(file).resolve(name);
        file.read().save(path, options);
        assertClose(
                file + " as " + name,
                Rekur.load(path).predict(file.array("data", "x")),
                file.array("expected", "output_0"),
                TOLERANCE);
    }

    private Path folder(ModelFile file) {
        String kept = System.getProperty("rekur.versions");
        Path folder = (kept == null ? temporary : Path.of(kept))
                .resolve(file.folder().getFileName())
                .resolve(file.file());
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FloatTensor floats(Tensor tensor) {
        if (tensor instanceof FloatTensor floats) {
            return floats;
        }
        IntTensor ints = (IntTensor) tensor;
        float[] values = new float[ints.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ints.get(i);
        }
        return FloatTensor.wrap(ints.shape(), values);
    }

    private static void assertClose(String what, Tensor got, Tensor want, double tolerance) {
        FloatTensor found = (FloatTensor) got;
        FloatTensor expected = (FloatTensor) want;
        assertThat(found.shape()).as(what).isEqualTo(expected.shape());
        for (int i = 0; i < expected.size(); i++) {
            assertThat((double) found.get(i))
                    .as(what + "[" + i + "]")
                    .isCloseTo(
                            expected.get(i),
                            org.assertj.core.data.Offset.offset(tolerance * (1 + Math.abs(expected.get(i)))));
        }
    }
}
