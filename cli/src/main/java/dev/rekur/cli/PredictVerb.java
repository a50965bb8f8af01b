package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.inference.Predictor;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur predict}: arrays in, predictions out. */
@Command(name = "predict", description = "Predicts, and writes or shows the predictions.")
final class PredictVerb extends Verb {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Mixin
    private final TableOptions table = new TableOptions();

    @Mixin
    private final LabelOptions labels = new LabelOptions();

    @Option(
            names = "--input",
            paramLabel = "X",
            required = true,
            description = {
                "A .npz with arrays named by the model's inputs (their keys, or the names of their layers; a single",
                "input takes x or any array that stands alone), a .npy, a .json, a .csv, a .txt with one text a line,",
                "or - for JSON on standard input. Several run one after another, in one session."
            })
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "Y",
            description = "A .npz, .npy or .json file for each input. Without it a table is shown.")
    private List<String> outputs = new ArrayList<>();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "256",
            description = "Rows that run together (default ${DEFAULT-VALUE}); a stateful model has its own number.")
    private int batchSize;

    PredictVerb(Terminal terminal) {
        super(terminal);
    }

    private static List<Tensor> predictions(Batches batches, List<Tensor> given, String input, Progress progress) {
        try {
            return batches.predict(
                    given, rows -> progress.show(input + ": " + rows + " of " + Rows.count(given) + " rows"));
        } catch (InvalidInputException unfit) {
            throw unfit.within(input);
        }
    }

    @Override
    int run() {
        engine.check(model.name());
        List<OutputFile> files = outputs.stream().map(OutputFile::new).toList();
        if (!files.isEmpty() && files.size() != inputs.size()) {
            throw new UsageException("expected one --output for each --input, found " + inputs.size() + " inputs and "
                    + files.size() + " outputs");
        }
        NamedFiles named = new NamedFiles();
        inputs.forEach(input -> named.reads("--input", input));
        labels.name(named);
        outputs.forEach(output -> named.writes("--output", output));
        if (batchSize < 1) {
            throw new UsageException("--batch-size: expected a number from 1 on, found " + batchSize);
        }
        Model loaded = model.load();
        files.forEach(file -> file.check(loaded.graph().outputNames()));
        ClassTable classes = new ClassTable(loaded.graph(), labels.read(model.path(), loaded.graph(), this::note));
        InputArrays arrays = new InputArrays(loaded.graph(), table, this::note);
        try (engine;
                Progress progress = new Progress(terminal(), verbosity())) {
            Predictor predictor = engine.predictor(model.name(), loaded);
            Batches batches = new Batches(predictor, loaded, batchSize);
            StringBuilder shown = new StringBuilder();
            for (int i = 0; i < inputs.size(); i++) {
                String input = inputs.get(i);
                List<Tensor> given = arrays.read(input, terminal().in());
                List<Tensor> predictions = predictions(batches, given, input, progress);
                if (files.isEmpty()) {
                    shown.append(inputs.size() > 1 ? input + "\n" : "").append(classes.table(predictions));
                } else {
                    files.get(i).write(classes, predictions);
                }
            }
            progress.clear();
            if (files.isEmpty()) {
                print(shown.toString());
            }
        }
        return CommandRunner.DONE;
    }
}
