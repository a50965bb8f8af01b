package dev.rekur.charts;

import dev.rekur.error.InvalidInputException;
import dev.rekur.file.AtomicFile;
import dev.rekur.training.callback.History;
import dev.rekur.training.diagnosis.Finding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A training in four plots: loss, accuracy (or the first metric), learning rate, and the gap between training and validation.
 *
 * <pre>{@code
 * TrainingCharts.of(training.history()).write(Path.of("curves.html"));
 * }</pre>
 *
 * <p>Immutable. The same history gives the same bytes. Values that are not finite leave gaps, and the plot says where; a plot
 * for which nothing was logged says so. PNG is drawn by Java, which needs no screen; SVG and HTML are text.
 */
public final class TrainingCharts {
    private final String title;
    private final History history;
    private final List<Plot> plots;
    private final @Nullable List<Finding> findings;

    private TrainingCharts(String title, History history, List<Plot> plots, @Nullable List<Finding> findings) {
        this.title = title;
        this.history = history;
        this.plots = plots;
        this.findings = findings;
    }

    /** The charts of a history as it is now. */
    public static TrainingCharts of(History history) {
        History kept = new History();
        List<Integer> epochs = history.epochs();
        for (int i = 0; i < epochs.size(); i++) {
            kept.add(epochs.get(i), history.logs(i));
        }
        return new TrainingCharts("Training", kept, LessonPlots.of(kept), null);
    }

    /**
     * With the learning rates of all epochs, for histories without: Keras logs them only if a callback changes them.
     *
     * @throws InvalidInputException if there is not one for each epoch
     */
    public TrainingCharts withLearningRates(List<Double> rates) {
        int epochs = history.epochs().size();
        if (rates.size() != epochs) {
            throw new InvalidInputException(
                    "learning rates: expected one for each of " + epochs + " epochs, found " + rates.size());
        }
        String name = LearningRates.nameIn(history);
        History completed = new History();
        for (int i = 0; i < epochs; i++) {
            completed.add(history.epochs().get(i), history.logs(i).put(name, rates.get(i)));
        }
        return new TrainingCharts(title, completed, LessonPlots.of(completed), findings);
    }

    /** With another title of the HTML page than {@code Training}. */
    public TrainingCharts titled(String other) {
        return new TrainingCharts(other, history, plots, findings);
    }

    /** With a diagnosis, which the HTML page tells in words; an empty one too. */
    public TrainingCharts withFindings(List<Finding> diagnosis) {
        return new TrainingCharts(title, history, plots, List.copyOf(diagnosis));
    }

    /** The four plots as a PNG, 1808 by 1288 pixels. */
    public byte[] png() {
        return PngPicture.of(plots);
    }

    /** The four plots as an SVG document. */
    public String svg() {
        return SvgPicture.of(plots);
    }

    /** The plots, a table of final and best values, and the diagnosis, as one HTML page that needs nothing else. */
    public String html() {
        return HtmlPage.of(title, history, plots, findings);
    }

    /**
     * Writes what the file's extension says: {@code .png}, {@code .svg} or {@code .html}. The file is replaced atomically.
     *
     * @throws InvalidInputException if the extension is another, or the file cannot be written
     */
    public void write(Path file) {
        byte[] content =
                switch (Format.of(file)) {
                    case PNG -> png();
                    case SVG -> svg().getBytes(StandardCharsets.UTF_8);
                    case HTML -> html().getBytes(StandardCharsets.UTF_8);
                };
        AtomicFile.replace(file, out -> out.write(content));
    }

    /**
     * Finds out, before a training begins, whether {@link #write} could write a file.
     *
     * @throws InvalidInputException if not
     */
    public static void requireWritable(Path file) {
        Format.of(file);
        AtomicFile.requireWritable(file);
    }

    private enum Format {
        PNG,
        SVG,
        HTML;

        static Format of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            for (Format format : values()) {
                if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new InvalidInputException(
                    file + ": expected a name that ends in .png, .svg or .html, found '" + file.getFileName() + "'");
        }
    }
}
