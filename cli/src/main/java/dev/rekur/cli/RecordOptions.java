package dev.rekur.cli;

import dev.rekur.charts.TrainingCharts;
import dev.rekur.file.AtomicFile;
import dev.rekur.training.Training;
import dev.rekur.training.callback.History;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is left of a training besides the model. */
final class RecordOptions {
    private static final String CSV = "csv";
    private static final long RECORD_BYTES = 100_000;

    @Option(
            names = "--history",
            paramLabel = "H",
            description = "A .json or .csv with losses and metrics of all epochs, by Keras's names.")
    private @Nullable String history;

    @Option(names = "--batch-log", paramLabel = "B", description = "A .csv with loss and metrics of each batch alone.")
    private @Nullable String batchLog;

    @Option(names = "--plot", paramLabel = "P", description = "Curves of the training: .png, .svg or .html.")
    private @Nullable String plot;

    @Option(
            names = "--watch",
            description = "Serve a page with curves that grow while the model is trained, and print its address.")
    private boolean watch;

    /**
     * Finds out whether everything has a form; called before any work is done.
     *
     * @throws UsageException if a file's name does not say how to write it
     */
    void check() {
        requireExtension("--history", history, List.of("json", CSV));
        requireExtension("--batch-log", batchLog, List.of(CSV));
        requireExtension("--plot", plot, List.of("png", "svg", "html"));
    }

    /** Says which files are written, and about how large they are. */
    void add(WrittenFiles files) {
        for (String file : new @Nullable String[] {history, batchLog, plot}) {
            if (file != null) {
                files.add(ArgumentPath.of(file), RECORD_BYTES);
            }
        }
    }

    /** Says which files are written. */
    void name(NamedFiles files) {
        files.writes("--history", history);
        files.writes("--batch-log", batchLog);
        files.writes("--plot", plot);
    }

    private static void requireExtension(String option, @Nullable String file, List<String> extensions) {
        if (file == null) {
            return;
        }
        if (!extensions.contains(ArrayFiles.extension(file))) {
            throw new UsageException(
                    option + " " + file + ": expected a file that ends in ." + String.join(" or .", extensions));
        }
    }

    /** Where loss and metrics of each batch go; null if nobody wants them. */
    @Nullable
    Path batchLog() {
        return batchLog == null ? null : ArgumentPath.of(batchLog);
    }

    /** Whether a page is to show the training while it runs. */
    boolean watches() {
        return watch;
    }

    /** Writes losses and metrics of a training that has ended, if asked for. */
    void writeHistory(History trained) {
        if (history == null) {
            return;
        }
        String text = ArrayFiles.extension(history).equals(CSV) ? trained.toCsv() : trained.toJson() + "\n";
        AtomicFile.replace(ArgumentPath.of(history), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Draws a training that has ended, if asked for.
     *
     * @param title of the plots
     */
    void writePlot(String title, Training training, List<Double> learningRates) {
        if (plot != null && !training.history().epochs().isEmpty()) {
            TrainingCharts.of(training.history())
                    .titled(title)
                    .withLearningRates(learningRates)
                    .withFindings(training.findings())
                    .write(ArgumentPath.of(plot));
        }
    }
}
