package dev.rekur.cli;

import dev.rekur.model.Model;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.data.ArrayDataset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur evaluate}: loss and metrics of data. */
@Command(
        name = "evaluate",
        description =
                "Prints loss and metrics of the data, as Keras's evaluate does: those of the compile configuration of"
                        + " the file, or those that the options name.")
final class EvaluateVerb extends Verb {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final LabelOptions labels = new LabelOptions();

    @Mixin
    private final ScoreOptions scores = new ScoreOptions();

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Rows that run together (default ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to use (default: as many as there are processors); the result is the same.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON object with loss and metrics.")
    private boolean json;

    EvaluateVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        if (threads < 1) {
            throw new UsageException("--threads: expected a number from 1 on, found " + threads);
        }
        FitOption rows = FitOption.batchSize(batchSize);
        Model loaded = model.load();
        Trainer trainer = Trainer.of(loaded).kernels(kernels.selection());
        scores.configure(trainer);
        ClassNames classes = labels.read(model.path(), loaded.graph(), this::note);
        TrainingFiles files = data.files(loaded.graph(), trainer.outputsWithLoss(), classes);
        ArrayDataset read = data.read(files, terminal().in());
        FitLines lines = new FitLines(terminal().out(), false);
        Logs logs;
        try (Workers workers =
                new Workers(Math.max(2, threads))) { // Workers need two threads, even if the trainer uses one
            trainer.parallel(workers.executor(), threads);
            logs = trainer.evaluate(read, rows);
        }
        if (json) {
            print(JsonText.of(object(logs)));
        } else {
            lines.evaluated(read.batchCount(batchSize), logs);
        }
        return CommandRunner.DONE;
    }

    private static Map<String, @Nullable Object> object(Logs logs) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name : logs.names()) {
            object.put(name, logs.value(name));
        }
        return object;
    }
}
