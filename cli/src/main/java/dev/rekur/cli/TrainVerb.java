package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.GraphLayer;
import dev.rekur.model.Model;
import dev.rekur.model.ModelFiles;
import dev.rekur.server.TrainingWatch;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.BackupAndRestore;
import dev.rekur.training.callback.Callback;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rekur train}: fine-tunes a model as Keras would, and writes it for Keras. */
@Command(
        name = "train",
        description =
                "Trains the model as Keras's fit does, and writes it for Keras to go on with. What the options do not"
                        + " say, the compile configuration of the file says; what that lacks has Keras's defaults. The same"
                        + " command gives the same weights, with any number of threads.",
        footer = {
            "%nMODEL comes first; --set, --freeze and --unfreeze take several words. For example:",
            "  rekur train model.keras --data train.npz --validation-split 0.2 --epochs 50 --batch-size 64 \\",
            "      --early-stopping monitor=val_loss,patience=5,restore_best_weights=true \\",
            "      --checkpoint best_model.keras --checkpoint-options save_best_only=true \\",
            "      --output tuned.keras --history history.json"
        })
final class TrainVerb extends Verb {
    /** What may be different when a training goes on: nothing of it changes a weight of the epochs that were run. */
    private static final Set<String> FREE_TO_CHANGE = Set.of(
            "--batch-log",
            "--checkpoint",
            "--checkpoint-options",
            "--data",
            "--epochs",
            "--history",
            "--keras-version",
            "--kernels",
            "--output",
            "--plot",
            "--quiet",
            "--resume",
            "--threads",
            "--validation-data",
            "--verbose",
            "--watch",
            "--weights");

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final ValidationOptions validation = new ValidationOptions();

    @Mixin
    private final LabelOptions labels = new LabelOptions();

    @Mixin
    private final CompileOptions compilation = new CompileOptions();

    @Mixin
    private final CallbackOptions callbacks = new CallbackOptions();

    @Mixin
    private final RecordOptions records = new RecordOptions();

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Mixin
    private final SaveVersion version = new SaveVersion();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to go through the data (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Rows of a step (default ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--no-shuffle", description = "Take the rows in their order, in every epoch.")
    private boolean unshuffled;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of shuffling and of dropout (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to use (default: as many as there are processors); the weights are the same.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--freeze",
            paramLabel = "PATTERN",
            arity = "1..*",
            description = "Layers not to train, by path inside a model: encoder/dense; * stands for any characters.")
    private List<String> frozen = new ArrayList<>();

    @Option(
            names = "--unfreeze",
            paramLabel = "PATTERN",
            arity = "1..*",
            description = "Layers to train all the same: --freeze '*' --unfreeze dense.")
    private List<String> unfrozen = new ArrayList<>();

    @Option(
            names = "--class-weight",
            paramLabel = "CLASS=WEIGHT,...",
            description = "How much rows of a class count, by number or name: 0=1.0,1=2.5.")
    private @Nullable String classWeight;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Keep the training in this folder after each epoch. If it is interrupted, the same command goes"
                            + " on after the last whole epoch and ends with the same weights.")
    private @Nullable Path resume;

    @Option(
            names = "--output",
            paramLabel = "OUT",
            required = true,
            description = "Where the trained model goes: a .keras, .h5 or .weights.h5; replaced when all is done.")
    private Path output;

    @Spec
    private CommandSpec spec;

    TrainVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        validation.check(data);
        if (threads < 1) {
            throw new UsageException("--threads: expected a number from 1 on, found " + threads);
        }
        if (output.toString().endsWith(".json")) {
            throw new UsageException(output + ": a .json holds no weights; write .keras, .h5 or .weights.h5");
        }
        FitOption[] options = {FitOption.epochs(epochs), FitOption.batchSize(batchSize), FitOption.shuffle(!unshuffled)
        };
        NamedFiles files = new NamedFiles();
        data.name(files);
        validation.name(files);
        labels.name(files);
        files.writes("--output", output.toString());
        callbacks.name(files);
        records.name(files);
        records.check();
        model.name(files); // which may be replaced on purpose
        Path unfinished = ModelKeeper.interrupted(output, files);
        Model loaded = model.load();
        Trainer trainer = trainer(loaded);
        requireSavable(trainer.model());
        ClassNames classes = labels.read(model.path(), loaded.graph(), this::note);
        List<String> outputs = trainer.outputsWithLoss();
        if (classWeight != null) {
            trainer.classWeights(classWeights(classWeight, classes, outputs.get(0)));
        }
        AtomicReference<ValidationOptions.Sets> sets = new AtomicReference<>(validation.read(
                data, data.files(loaded.graph(), outputs, classes), terminal().in()));
        KeptTraining kept = new KeptTraining(
                terminal(), new ModelKeeper(terminal(), version.options()), records, model.name(), output, unfinished);
        try (Interruption interruption = Interruption.listen(terminal())) {
            try {
                return train(trainer, sets, options, kept, interruption);
            } catch (RuntimeException | Error failure) {
                return new Failures(terminal()).explain(failure); // once it is closed, the process may end
            }
        }
    }

    /**
     * Trains, and writes what comes of it.
     *
     * @param sets are taken out, so that nobody holds them when the training has ended
     */
    private int train(
            Trainer trainer,
            AtomicReference<ValidationOptions.Sets> sets,
            FitOption[] options,
            KeptTraining kept,
            Interruption interruption) {
        FitLines lines = new FitLines(terminal().out(), terminal().isOutputInteractive());
        List<Callback> watching = new ArrayList<>(callbacks.callbacks(lines::say));
        Path batchLogFile = records.batchLog();
        LearningRates rates = new LearningRates();
        try (Workers workers =
                        new Workers(Math.max(2, threads)); // Workers need two threads, even if the trainer uses one
                TrainingWatch watch = records.watches() ? TrainingWatch.start(0) : null;
                BatchLog batchLog = batchLogFile == null ? null : new BatchLog(batchLogFile)) {
            trainer.parallel(workers.executor(), threads);
            if (watch != null) {
                trainer.diagnose(watch::finding);
            }
            if (batchLog != null) {
                trainer.onBatch(batchLog);
            }
            watching.add(new OptionalCallback(batchLog));
            watching.add(rates);
            watching.add(new OptionalCallback(watch));
            if (watch != null) {
                // quiet or not: nobody can guess the address
                terminal().err().println("curves: " + watch.address());
            }
            if (resume != null) {
                watching.add(new SameTraining(resume, description()));
                watching.add(BackupAndRestore.in(resume).keepCheckpoint());
            }
            watching.add(lines);
            watching.add(interruption);
            watching.forEach(trainer::callback);
            kept.requireRoom(trainer.model(), copies());
            return kept.run(() -> fit(trainer, sets, options), interruption, rates, this::note);
        }
    }

    private static Training fit(Trainer trainer, AtomicReference<ValidationOptions.Sets> sets, FitOption... options) {
        ValidationOptions.Sets taken = sets.getAndSet(null);
        return trainer.fit(taken.training(), taken.validation(), options);
    }

    /** Files to which the model is written besides the output. */
    private List<Path> copies() {
        List<Path> copies = new ArrayList<>();
        callbacks.checkpointSample().ifPresent(copies::add);
        if (resume != null) {
            copies.add(resume.resolve("backup"));
        }
        return copies;
    }

    private Trainer trainer(Model loaded) {
        compilation.requireComplete(loaded);
        Trainer trainer =
                Trainer.of(loaded).seed(seed).saveOptions(version.options()).kernels(kernels.selection());
        compilation.configure(trainer);
        frozen.forEach(trainer::freeze);
        unfrozen.forEach(trainer::unfreeze);
        if (!verbosity().isQuiet() && trainsNothing(trainer.model())) {
            terminal().err().println("warning: no weight is trained, all layers are frozen; --unfreeze some");
        }
        boolean anew = !compilation.beginsAnew() && trainsOthers(loaded, trainer.model());
        if (anew
                && loaded.compileConfiguration().stream()
                        .anyMatch(file -> !file.optimizerVariables().isEmpty())) {
            trainer.freshOptimizer();
            if (!verbosity().isQuiet()) {
                terminal()
                        .err()
                        .println("warning: --freeze or --unfreeze changes which weights are trained, so the optimizer"
                                + " begins anew, as it does in Keras when such a model is compiled");
            }
        }
        return trainer;
    }

    private static boolean trainsNothing(Model model) {
        return model.graph().flat().layers().stream()
                .noneMatch(layer -> layer.weights().stream().anyMatch(layer::trains));
    }

    private static boolean trainsOthers(Model before, Model after) {
        List<GraphLayer> layers = before.graph().flat().layers();
        List<GraphLayer> changed = after.graph().flat().layers();
        for (int i = 0; i < layers.size(); i++) {
            if (!layers.get(i).weights().isEmpty()
                    && layers.get(i).trainable() != changed.get(i).trainable()) {
                return true;
            }
        }
        return false;
    }

    private void requireSavable(Model trained) {
        WrittenFiles.makeFolder(output);
        ModelFiles.requireSavable(trained, output, version.options());
        // the names of checkpoints still have their fields; how one is written follows from its end
        callbacks.checkpointFormat().ifPresent(ending -> {
            Path sample = output.resolveSibling("checkpoint" + ending);
            ModelFiles.requireSavable(trained, sample, version.options());
        });
    }

    private static Map<Integer, Double> classWeights(String text, ClassNames classes, String output) {
        List<String> names = classes.of(output);
        Map<Integer, Double> weights = new LinkedHashMap<>();
        KeyValues.parse("--class-weight", text).forEach((key, value) -> {
            try {
                OptionalInt named = classes.number(output, key, "--class-weight");
                int number = named.isPresent() ? named.getAsInt() : Integer.parseInt(key);
                double weight = Double.parseDouble(value);
                if (number < 0 || !(weight >= 0) || Double.isInfinite(weight)) {
                    throw new NumberFormatException("out of range");
                }
                weights.put(number, weight);
            } catch (NumberFormatException mismatch) {
                throw new InvalidInputException(
                        "--class-weight: expected CLASS=WEIGHT, a class's number"
                                + (names.isEmpty() ? "" : " or one of the names " + NumberCells.brief(names))
                                + " and a weight from 0 on, found '" + key + "=" + value + "'",
                        mismatch);
            }
        });
        return weights;
    }

    /** What the user asks for, as far as it decides on the weights. */
    private Map<String, String> description() {
        Map<String, String> description = new LinkedHashMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            if (!FREE_TO_CHANGE.contains(option.longestName())) {
                description.put(option.longestName(), String.join(" ", option.originalStringValues()));
            }
        }
        description.put("the content of --data", SameTraining.content(data.file()));
        String validated = validation.file();
        if (validated != null) {
            description.put("the content of --validation-data", SameTraining.content(validated));
        }
        if (!model.path()
                .toAbsolutePath()
                .normalize()
                .equals(output.toAbsolutePath().normalize())) {
            description.put(
                    "the content of MODEL", SameTraining.content(model.path().toString()));
        }
        return description;
    }
}
