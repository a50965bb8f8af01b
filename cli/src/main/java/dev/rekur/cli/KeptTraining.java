package dev.rekur.cli;

import dev.rekur.model.Model;
import dev.rekur.training.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a training and writes what comes of it, or what there is of it if it is interrupted or fails. */
final class KeptTraining {
    private final Terminal terminal;
    private final Failures failures;
    private final ModelKeeper models;
    private final RecordOptions records;
    private final String title;
    private final Path output;
    private final Path unfinished;

    /**
     * @param title of the plots
     * @param output where the model goes
     * @param unfinished where it goes if the training does not come to its end
     */
    KeptTraining(
            Terminal terminal, ModelKeeper models, RecordOptions records, String title, Path output, Path unfinished) {
        this.terminal = terminal;
        this.failures = new Failures(terminal);
        this.models = models;
        this.records = records;
        this.title = title;
        this.output = output;
        this.unfinished = unfinished;
    }

    /** Makes the folders of everything that will be written, and tries whether there is room for it. */
    void requireRoom(Model trained, List<Path> copies) {
        long size = ModelKeeper.savedBytes(trained);
        WrittenFiles files = new WrittenFiles();
        files.add(output, size);
        copies.forEach(copy -> files.add(copy, size));
        records.add(files);
        files.prepare();
    }

    /**
     * Runs the training, and says what goes wrong.
     *
     * @param notes is told what was found out about the training
     * @return the exit code
     */
    int run(Supplier<Training> training, Interruption interruption, LearningRates rates, Consumer<String> notes) {
        Training trained;
        try {
            trained = training.get();
        } catch (Interruption.Interrupted ended) {
            keepSoFar("interrupted in ", interruption, rates);
            return CommandRunner.INTERRUPTED;
        } catch (RuntimeException | Error failure) {
            int exit = failures.explain(failure);
            if (interruption.training().isPresent()) {
                keepSoFar("the training ended in ", interruption, rates);
            }
            return exit;
        }
        ModelKeeper.Saved saved = models.save(trained.model(), output);
        int recorded = record(trained, rates);
        trained.findings().forEach(finding -> notes.accept(finding.toString()));
        return saved.exit() == CommandRunner.DONE ? recorded : saved.exit();
    }

    private void keepSoFar(String what, Interruption interruption, LearningRates rates) {
        Model model = interruption.training().orElseThrow().model();
        Optional<Path> file = models.save(model, unfinished).file();
        record(new Training(model, interruption.history(), List.of()), rates);
        terminal.err()
                .println(what
                        + interruption.place()
                        + file.map(kept -> "; the model so far is in " + kept).orElse(""));
    }

    /** Writes each record, whatever becomes of the others; the exit code. */
    private int record(Training training, LearningRates rates) {
        int exit = CommandRunner.DONE;
        for (Runnable step : List.<Runnable>of(
                () -> records.writeHistory(training.history()),
                () -> records.writePlot(title, training, rates.of(training.history())))) {
            try {
                step.run();
            } catch (RuntimeException | Error failure) {
                exit = failures.explain(failure);
            }
        }
        return exit;
    }
}
