package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.folder;
import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainVerbTest {
    private static final int ROWS = 20;
    private static final String ADAM = golden("trained_adam", "model.keras");
    private static final String DROPOUT = golden("lesson_4_deep", "model.keras");

    @TempDir
    private Path folder;

    private Path numbers;
    private Path tokens;

    @BeforeEach
    void writeData() throws IOException {
        numbers = npz("numbers.npz", Map.of("x", floats(5, 3), "y", floats(2)));
        int[] ids = new int[ROWS * 200];
        int[] labels = new int[ROWS];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 7 % 13;
        }
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 5;
        }
        tokens = npz(
                "tokens.npz",
                Map.of("x", IntTensor.wrap(Shape.of(ROWS, 200), ids), "y", IntTensor.wrap(Shape.of(ROWS), labels)));
    }

    private Path npz(String name, Map<String, Tensor> arrays) throws IOException {
        Path file = folder.resolve(name);
        NumpyWriter.npz(file, arrays);
        return file;
    }

    private static FloatTensor floats(int... rowShape) {
        int size = ROWS;
        int[] shape = new int[rowShape.length + 1];
        shape[0] = ROWS;
        for (int i = 0; i < rowShape.length; i++) {
            shape[i + 1] = rowShape[i];
            size *= rowShape[i];
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) Math.sin(i * 1.7);
        }
        return FloatTensor.wrap(Shape.of(shape), values);
    }

    private CommandLineRun train(String model, Path data, String output, String... options) {
        List<String> words =
                new ArrayList<>(List.of("train", model, "--data", data.toString(), "--output", file(output)));
        words.addAll(List.of(options));
        if (words.stream().noneMatch(word -> word.startsWith("--batch-size"))) {
            words.add("--batch-size=8");
        }
        return CommandLineRun.of(words.toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private Model model(String name) {
        return Rekur.load(folder.resolve(name));
    }

    private static Map<String, FloatTensor> weights(Model model) {
        Map<String, FloatTensor> weights = new LinkedHashMap<>();
        model.graph().flat().layers().forEach(layer -> layer.weights()
                .forEach(spec -> weights.put(
                        layer.name() + "/" + spec.path(), model.weights().get(layer.name(), spec.path()))));
        return weights;
    }

    private static List<OptimizerVariable> optimizer(Model model) {
        return model.compileConfiguration()
                .map(CompileConfiguration::optimizerVariables)
                .orElseThrow();
    }

    @Test
    void printsTheLinesOfKerasAndWritesModelHistoryAndBatches() throws IOException {
        CommandLineRun run = train(
                ADAM, numbers, "out.keras", "--epochs", "2", "--history", file("h.json"), "--batch-log", file("b.csv"));

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().toList()).hasSize(4);
        assertThat(run.out().lines().toList().get(0)).isEqualTo("Epoch 1/2");
        assertThat(run.out().lines().toList().get(1))
                .matches("3/3 ━{20} \\d+s \\d+.?s/step - loss: \\d+\\.\\d{4}(e-\\d\\d)?");
        Map<String, Tensor> history =
                JsonTensors.read(Files.readAllBytes(folder.resolve("h.json")), "the history in the test");
        assertThat(history).containsOnlyKeys("epoch", "loss");
        assertThat(history.get("epoch")).isEqualTo(IntTensor.wrap(Shape.of(2), new int[] {0, 1}));
        List<String> batches = Files.readAllLines(folder.resolve("b.csv"));
        assertThat(batches).hasSize(7);
        assertThat(batches.get(0)).isEqualTo("epoch,batch,loss");
        assertThat(batches.get(6)).startsWith("1,2,");
        assertThat(optimizer(model("out.keras")).get(0).value().get(0))
                .as("steps, those of the file included")
                .isEqualTo(optimizer(Rekur.load(Path.of(ADAM))).get(0).value().get(0) + 6);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("numbers.npz", "tokens.npz", "out.keras", "h.json", "b.csv");
        }
    }

    /** The numbers that Keras printed are in {@code fixtures/training}. */
    @Test
    void callbacksDecideAndSpeakAsInKeras() throws IOException {
        Path golden = folder().resolveSibling("training").resolve("fit_lesson_callbacks");
        CommandLineRun run = train(
                golden.resolve("model.keras").toString(),
                golden.resolve("data.npz"),
                "out.keras",
                "--validation-split=0.2",
                "--epochs=60",
                "--no-shuffle",
                "--early-stopping=monitor=val_loss,patience=7,restore_best_weights=true,verbose=1",
                "--reduce-lr=monitor=val_loss,factor=0.5,patience=3,min_lr=1e-5,verbose=1",
                "--checkpoint=" + file("best_model.keras"),
                "--checkpoint-options=monitor=val_accuracy,save_best_only=true,verbose=1",
                "--batch-size=16");

        assertThat(run.exit()).as(run.err()).isZero();
        String keras = Files.readString(golden.resolve("progress-2.txt"), StandardCharsets.UTF_8);
        assertThat(spoken(run.out().replace(folder + "/", ""))).isEqualTo(spoken(keras));
        assertThat(folder.resolve("best_model.keras")).exists();
    }

    /** Without the times and the bar, which differ. */
    private static List<String> spoken(String lines) {
        return lines.lines()
                .map(line -> line.replaceFirst("^8/8.*?step", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** A checkpoint that cannot be written ends the training in the midst of its second epoch, after two of four batches. */
    @Test
    void aTrainingInterruptedInMidEpochEndsWithTheSameBits() throws IOException {
        CommandLineRun whole = trainInBatchesOfFour("a", "4");
        assertThat(whole.exit()).as(whole.err()).isZero();

        Path obstacle = Files.createDirectories(folder.resolve("b-2-2.keras"));
        CommandLineRun interrupted = trainInBatchesOfFour("b", "4", "--resume", file("kept"));
        assertThat(interrupted.exit()).isEqualTo(2);
        assertThat(interrupted.err()).contains("b-2-2.keras").contains("it is a directory");
        assertThat(folder.resolve("b.keras")).doesNotExist();
        assertThat(Files.readAllLines(folder.resolve("b.csv")))
                .as("lines of a cut epoch")
                .hasSize(1 + 4 + 2);

        Files.delete(obstacle);
        for (String epochs : List.of("3", "4", "4")) {
            CommandLineRun run = trainInBatchesOfFour("b", epochs, "--resume", file("kept"));
            assertThat(run.exit()).as(run.err()).isZero();
        }

        assertThat(weights(model("b.keras"))).isEqualTo(weights(model("a.keras")));
        assertThat(optimizer(model("b.keras"))).isEqualTo(optimizer(model("a.keras")));
        assertThat(weights(model("b-4-4.keras"))).isEqualTo(weights(model("a-4-4.keras")));
        assertThat(folder.resolve("b.json")).hasSameTextualContentAs(folder.resolve("a.json"));
        assertThat(folder.resolve("b.csv")).hasSameTextualContentAs(folder.resolve("a.csv"));
    }

    private CommandLineRun trainInBatchesOfFour(String name, String epochs, String... others) {
        List<String> words = new ArrayList<>(List.of(
                "--validation-split=0.2",
                "--batch-size=4",
                "--early-stopping=patience=9,restore_best_weights=true",
                "--reduce-lr=monitor=loss,patience=1",
                "--checkpoint=" + file(name + "-{epoch}-{batch}.keras"),
                "--checkpoint-options=save_freq=2",
                "--history=" + file(name + ".json"),
                "--batch-log=" + file(name + ".csv"),
                "--epochs=" + epochs));
        words.addAll(List.of(others));
        return train(DROPOUT, tokens, name + ".keras", words.toArray(String[]::new));
    }

    @Test
    void whatIsWrittenMayChangeWhenATrainingGoesOn() throws IOException {
        CommandLineRun begun = train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--epochs=1");
        String[] more = {
            "--resume",
            file("kept"),
            "--epochs=2",
            "--batch-log",
            file("b.csv"),
            "--checkpoint",
            file("c.keras"),
            "--watch"
        };
        CommandLineRun added = train(ADAM, numbers, "a.keras", more);
        CommandLineRun dropped = train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--epochs=3");
        more[2] = "--epochs=4";
        CommandLineRun again = train(ADAM, numbers, "a.keras", more);
        train(ADAM, numbers, "b.keras", "--epochs=4");

        for (CommandLineRun run : List.of(begun, added, dropped, again)) {
            assertThat(run.exit()).as(run.err()).isZero();
        }
        assertThat(weights(model("a.keras"))).isEqualTo(weights(model("b.keras")));
        assertThat(weights(model("c.keras"))).isEqualTo(weights(model("b.keras")));
        assertThat(Files.readAllLines(folder.resolve("b.csv")))
                .extracting(line -> line.substring(0, line.lastIndexOf(',')))
                .containsExactly("epoch,batch", "1,0", "1,1", "1,2", "3,0", "3,1", "3,2");
        assertThat(train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--reduce-lr=patience=2,monitor=loss")
                        .err())
                .contains("--reduce-lr was not given, now it is 'patience=2,monitor=loss'");
    }

    @Test
    void theAddressOfTheCurvesIsPrintedAlsoWhenQuiet() {
        CommandLineRun run = train(ADAM, numbers, "a.keras", "--watch", "--quiet");
        assertThat(run.exit()).isZero();
        assertThat(run.err()).matches("curves: http://127\\.0\\.0\\.1:\\d+/\\R");
    }

    @Test
    void aKeptStateWithoutThePlaceInTheFileOfBatchesLeavesTheFileAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("b.csv"), "years of work");
        try (BatchLog log = new BatchLog(file)) {
            for (Map<String, Object> state : List.<Map<String, Object>>of(Map.of(), Map.of("length", -1L))) {
                assertThatThrownBy(() -> log.restoreState(state))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("b.csv");
            }
        }
        assertThat(file).hasContent("years of work");
    }

    @Test
    void aFolderOfAnotherTrainingIsNotGoneOnWith() throws IOException {
        train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--set", "beta_1=0.8");
        CommandLineRun other = train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--set", "beta_1=0.7");
        npz("numbers.npz", Map.of("x", floats(5, 3), "y", floats(1, 2).reshape(ROWS, 2), "sample_weight", floats()));
        CommandLineRun changed = train(ADAM, numbers, "a.keras", "--resume", file("kept"), "--set", "beta_1=0.8");

        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.err()).contains("--set was 'beta_1=0.8', now it is 'beta_1=0.7'");
        assertThat(changed.exit()).isEqualTo(2);
        assertThat(changed.err()).contains("the content of --data was");
    }

    @Test
    void threadsAndKernelsDoNotChangeABit() {
        train(DROPOUT, tokens, "a.keras", "--threads", "1");
        train(DROPOUT, tokens, "b.keras", "--threads", "2", "--kernels", "scalar");
        train(DROPOUT, tokens, "c.keras", "--seed", "1");

        assertThat(weights(model("b.keras"))).isEqualTo(weights(model("a.keras")));
        assertThat(weights(model("c.keras"))).isNotEqualTo(weights(model("a.keras")));
    }

    @Test
    void frozenLayersStayAsTheyAreAndTheOptimizerBeginsAnew() {
        CommandLineRun run = train(ADAM, numbers, "out.keras", "--freeze", "*", "--unfreeze", "dense");
        Model before = Rekur.load(Path.of(ADAM));
        Model after = model("out.keras");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).startsWith("warning: ").contains("begins anew");
        weights(after).forEach((name, value) -> {
            boolean same = value.equals(weights(before).get(name));
            assertThat(same).as(name).isEqualTo(!name.startsWith("dense/"));
        });
        assertThat(optimizer(after).get(0).value().get(0)).isEqualTo(3);
    }

    @Test
    void layersInsideAModelAreFrozenByTheirPath() throws IOException {
        String deep = golden("nested_deep", "model.keras");
        Path sequences = npz("sequences.npz", Map.of("x", floats(6, 4), "y", floats(6, 2)));
        CommandLineRun run = train(
                deep,
                sequences,
                "out.keras",
                "--optimizer",
                "sgd",
                "--loss",
                "mse",
                "--freeze",
                "outer/*",
                "--unfreeze",
                "outer/inner/dense");
        Model before = Rekur.load(Path.of(deep));
        Model after = model("out.keras");

        assertThat(run.exit()).as(run.err()).isZero();
        weights(after).forEach((name, value) -> {
            boolean same = value.equals(weights(before).get(name));
            assertThat(same).as(name).isEqualTo(!name.startsWith("dense/") && !name.startsWith("outer/inner/dense/"));
        });
    }

    @Test
    void theLearningRateChangesAndTheStateStays() {
        train(ADAM, numbers, "slow.keras", "--learning-rate", "0", "--clipvalue", "0.5", "--set", "beta_1=0.5");
        List<OptimizerVariable> before = optimizer(Rekur.load(Path.of(ADAM)));
        List<OptimizerVariable> after = optimizer(model("slow.keras"));
        String config = String.valueOf(model("slow.keras")
                .compileConfiguration()
                .orElseThrow()
                .config()
                .get("optimizer"));

        assertThat(after).hasSameSizeAs(before);
        assertThat(after.get(0).value().get(0)).isEqualTo(before.get(0).value().get(0) + 3);
        assertThat(after.get(1).value().get(0)).isZero();
        assertThat(config).contains("clipvalue=0.5").contains("beta_1=0.5");
        assertThat(weights(model("slow.keras")).get("dense/kernel"))
                .as("a rate of 0 moves nothing")
                .isEqualTo(weights(Rekur.load(Path.of(ADAM))).get("dense/kernel"));
    }

    @Test
    void classWeightsCountAsSampleWeightsDo() throws IOException {
        train(DROPOUT, tokens, "a.keras", "--class-weight", "1=2.5,3=0");
        Map<String, Tensor> arrays = new LinkedHashMap<>(ArrayFiles.read(tokens.toString(), System.in));
        float[] weights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            weights[row] = row % 5 == 1 ? 2.5f : row % 5 == 3 ? 0 : 1;
        }
        arrays.put("sample_weight", FloatTensor.wrap(Shape.of(ROWS), weights));
        train(DROPOUT, npz("weighted.npz", arrays), "b.keras");

        assertThat(weights(model("a.keras"))).isEqualTo(weights(model("b.keras")));
    }

    @Test
    void aModelThatWasNotCompiledNeedsOptimizerAndLoss() throws IOException {
        String plain = golden("gru_stacked", "model.keras");
        Path data = npz("plain.npz", Map.of("x", floats(6, 3), "y", floats(2)));
        CommandLineRun refused = train(plain, data, "out.keras", "--loss", "mse");
        CommandLineRun run = train(
                plain, data, "out.keras", "--loss", "mse", "--optimizer", "adam", "--metrics", "mae,cosine_similarity");

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("Give --optimizer").contains("rekur help not-compiled");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("cosine_similarity: ").contains("mae: ");
        assertThat(model("out.keras").compileConfiguration()).isPresent();
    }

    @Test
    void otherFormatsHoldTheSameWeights() {
        train(ADAM, numbers, "a.keras");
        CommandLineRun run = train(ADAM, numbers, "a.h5");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(weights(model("a.h5"))).isEqualTo(weights(model("a.keras")));
    }
}
