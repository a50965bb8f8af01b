package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.EarlyStopping;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.LearningRateScheduler;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.ModelCheckpoint;
import dev.rekur.training.callback.ProgressBar;
import dev.rekur.training.callback.ProgressLine;
import dev.rekur.training.callback.ReduceLrOnPlateau;
import dev.rekur.training.callback.TerminateOnNaN;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.data.ArrayDataset;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** One call of fit, repeated. */
final class GoldenFit implements Callback {
    private static final double TOLERANCE = 1e-4;

    private final GoldenTraining golden;
    private final Map<?, ?> arguments;
    private final Map<String, Object> expected;
    private final Path folder;
    private final List<Double> learningRates = new ArrayList<>();
    private final List<Map<String, Object>> saved = new ArrayList<>();
    private final Map<String, Object> seen = new HashMap<>();
    private final List<String> printed = new ArrayList<>();
    private final List<String> lastLines = new ArrayList<>();
    private @Nullable EarlyStopping stopping;
    private ProgressBar bar = new ProgressBar(0, 20, false, 0);
    private int steps;

    GoldenFit(GoldenTraining golden, Path folder) {
        this.golden = golden;
        this.arguments = (Map<?, ?>) golden.description().get("fit");
        this.expected = GoldenCase.json(golden.folder().resolve("history.json"));
        this.folder = folder.resolve(golden.name());
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        bar = new ProgressBar(run.stepsPerEpoch(), 20, false, 0);
        if (run.epochs() > 1) {
            say(ProgressLine.heading(epoch, run.epochs()));
        }
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        steps++;
        bar.step(batch + 1, 0, logs);
    }

    /** Names of files are without their folder in the golden files. */
    private void say(String message) {
        message.replace(folder + File.separator, "")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(printed::add);
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        learningRates.add(run.learningRate());
        lastLines.add(withoutTimes(bar.finish(run.stepsPerEpoch(), 0, logs)));
        say(withoutTimes(ProgressLine.of(run.stepsPerEpoch(), false).semiVerbose(run.stepsPerEpoch(), 0, 0, logs)));
        for (Path file : files()) {
            String name = file.getFileName().toString();
            Object identity = identity(file);
            if (!identity.equals(seen.put(name, identity))) {
                saved.add(Map.of("epoch", (long) epoch, "file", name));
            }
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes when a file is replaced, however fast. */
    private static Object identity(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 8/8 - loss: 1.0}, of either of Keras's forms of the last line of an epoch. */
    private static String withoutTimes(String line) {
        return line.strip().replaceFirst("^(\\d+/\\d+) .*?step( - .*)?$", "$1$2");
    }

    private void checkPrinted() throws IOException {
        List<String> expectedLines = Files.readString(golden.folder().resolve("progress-2.txt"))
                .lines()
                .filter(line -> !line.isBlank())
                .map(GoldenFit::withoutTimes)
                .toList();
        assertThat(printed).isEqualTo(expectedLines);
        // the live bar ends each epoch in the same words, after having been overwritten many times
        String bars = Files.readString(golden.folder().resolve("progress.txt"))
                .replaceAll("\u001b\\[\\d+m", "")
                .replace("\b", "");
        List<String> expectedLast = new ArrayList<>();
        for (String epoch : bars.split("(?m)^Epoch \\d+/\\d+$")) {
            epoch.lines()
                    .filter(line -> line.matches("(\\d+)/\\1 .*step.*"))
                    .reduce((before, after) -> after)
                    .map(GoldenFit::withoutTimes)
                    .ifPresent(expectedLast::add);
        }
        assertThat(lastLines).isEqualTo(expectedLast);
    }

    /** Trains, and compares with Keras. */
    void check() throws IOException {
        Training training = train();
        History history = training.history();
        assertThat(history.epochs()).isEqualTo(integers(expected.get("epoch")));
        Map<String, List<Double>> values = GoldenTraining.series(objects(expected.get("history")));
        assertThat(history.names()).containsExactlyInAnyOrderElementsOf(values.keySet());
        values.forEach((name, list) -> {
            double tolerance = tolerance("history", name);
            for (int i = 0; i < list.size(); i++) {
                assertClose(name + " of epoch " + (i + 1), history.values(name).get(i), list.get(i), tolerance);
            }
        });
        List<Double> rates = new ArrayList<>();
        ((List<?>) expected.get("learning_rates")).forEach(rate -> rates.add(GoldenTraining.number(rate)));
        assertThat(learningRates).hasSameSizeAs(rates);
        for (int i = 0; i < rates.size(); i++) {
            assertClose("learning rate after epoch " + (i + 1), learningRates.get(i), rates.get(i), 1e-7);
        }
        assertThat((long) steps).isEqualTo(expected.get("steps"));
        golden.arrays("weights-final.npz").forEach((path, tensor) -> {
            int slash = path.indexOf('/');
            FloatTensor weight = training.model().weights().get(path.substring(0, slash), path.substring(slash + 1));
            for (int i = 0; i < weight.size(); i++) {
                assertClose(
                        path + "[" + i + "]",
                        weight.get(i),
                        ((FloatTensor) tensor).get(i),
                        tolerance("final", "weights"));
            }
        });
        OptimizerStates.assertClose(
                "at the end",
                OptimizerStates.of(training.model()),
                golden.arrays("optimizer-final.npz"),
                tolerance("final", "optimizer"));
        assertThat(saved).as("files by epoch").isEqualTo(expected.getOrDefault("checkpoints", List.of()));
        for (Path file : files()) {
            Model readable =
                    file.toString().endsWith(".weights.h5") ? Rekur.load(configuration(), file) : Rekur.load(file);
            assertThat(readable.weights()).as(file.toString()).isNotNull();
        }
        checkStop();
        checkPrinted();
    }

    private Path configuration() throws IOException {
        Path json = folder.resolveSibling(golden.name() + ".json");
        try (ZipFile model = new ZipFile(golden.folder().resolve("model.keras").toFile());
                InputStream config = model.getInputStream(model.getEntry("config.json"))) {
            Files.write(json, config.readAllBytes());
        }
        return json;
    }

    private void checkStop() {
        Map<String, Object> stop = objects(expected.get("early_stopping"));
        EarlyStopping callback = stopping;
        assertThat(callback == null).as("no early stopping").isEqualTo(stop == null);
        if (callback != null && stop != null) {
            assertThat((long) callback.stoppedEpoch()).as("stopped epoch").isEqualTo(stop.get("stopped_epoch"));
            assertThat((long) callback.bestEpoch()).as("best epoch").isEqualTo(stop.get("best_epoch"));
        }
    }

    private double tolerance(String part, String name) {
        Object difference = golden.description().get("difference");
        if (difference instanceof Map<?, ?> byPart
                && byPart.get(part) instanceof Map<?, ?> byName
                && byName.get(name) != null) {
            return Math.max(TOLERANCE, 3 * GoldenTraining.number(byName.get(name)));
        }
        return TOLERANCE;
    }

    /** Trains as the recipe says. */
    Training train() {
        Model model = golden.model();
        Trainer trainer = Trainer.of(model).kernels(KernelSelection.simd());
        List<?> callbacks = arguments.get("callbacks") instanceof List<?> list ? list : List.of();
        for (Object callback : callbacks) {
            trainer.callback(callback(objects(callback)));
        }
        trainer.callback(this);
        if (!golden.classWeights().isEmpty()) {
            trainer.classWeights(golden.classWeights());
        }
        ArrayDataset data = golden.data(model, "data.npz");
        ArrayDataset validation = golden.has("validation.npz") ? golden.data(model, "validation.npz") : null;
        if (validation == null && arguments.get("validation_split") != null) {
            double split = GoldenTraining.number(arguments.get("validation_split"));
            if (split > 0) {
                List<ArrayDataset> parts = data.split(split);
                data = parts.get(0);
                validation = parts.get(1);
            }
        }
        return trainer.fit(
                data,
                validation,
                FitOption.epochs(((Number) arguments.get("epochs")).intValue()),
                FitOption.batchSize(golden.batchSize()),
                FitOption.shuffle(false));
    }

    private Callback callback(Map<String, Object> json) {
        Map<String, String> settings = new HashMap<>();
        objects(json.get("arguments")).forEach((key, value) -> settings.put(key, String.valueOf(value)));
        switch ((String) json.get("class_name")) {
            case "EarlyStopping" -> {
                EarlyStopping callback = EarlyStopping.fromSettings(settings, this::say);
                stopping = callback;
                return callback;
            }
            case "ReduceLROnPlateau" -> {
                return ReduceLrOnPlateau.fromSettings(settings, this::say);
            }
            case "ModelCheckpoint" -> {
                folder.toFile().mkdirs();
                String file = folder.resolve(settings.remove("filepath")).toString();
                return ModelCheckpoint.fromSettings(file, settings, this::say);
            }
            case "TerminateOnNaN" -> {
                return TerminateOnNaN.create().verbose(this::say);
            }
            case "LearningRateScheduler" -> {
                List<?> table = (List<?>) arguments.get("learning_rate_table");
                LearningRateScheduler scheduler =
                        LearningRateScheduler.of((epoch, rate) -> GoldenTraining.number(table.get(epoch)));
                return "1".equals(settings.get("verbose")) ? scheduler.verbose(this::say) : scheduler;
            }
            default -> throw new AssertionError("a callback that the test does not know: " + json);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> objects(Object json) {
        return (Map<String, Object>) json;
    }

    private static List<Integer> integers(Object json) {
        return ((List<?>) json)
                .stream().map(number -> ((Number) number).intValue()).toList();
    }

    private static void assertClose(String what, double got, double want, double tolerance) {
        boolean close = Double.compare(got, want) == 0 || Math.abs(got - want) <= tolerance * (1 + Math.abs(want));
        if (!close) {
            Assertions.fail(what + ": got " + got + ", Keras has " + want);
        }
    }
}
