package dev.rekur.cli;

import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Saves trained models, and where that fails saves them elsewhere: the work of hours is not lost to a full disk. */
final class ModelKeeper {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#interrupted-training";

    /** Configuration, and what files have besides values. */
    private static final long OTHER_BYTES = 100_000;

    private final Terminal terminal;
    private final SaveOptions options;

    /**
     * @param options which Keras is to read the files
     */
    ModelKeeper(Terminal terminal, SaveOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    /**
     * What became of a model.
     *
     * @param exit the exit code
     * @param file where it is; empty if it is nowhere
     */
    record Saved(int exit, Optional<Path> file) {}

    /** Saves a model. If the file cannot be written, says so, and where the model is instead. */
    Saved save(Model model, Path file) {
        try {
            model.save(file, options);
            return new Saved(CommandRunner.DONE, Optional.of(file));
        } catch (RuntimeException | Error unwritable) {
            int exit = new Failures(terminal).explain(unwritable);
            return new Saved(exit, elsewhere(model, ArrayFiles.nameOf(file)));
        }
    }

    /** About how large a saved model is, with the state of an optimizer that keeps two values for each weight it trains. */
    static long savedBytes(Model model) {
        long bytes = OTHER_BYTES;
        for (GraphLayer layer : model.graph().flat().layers()) {
            for (WeightSpec weight : layer.weights()) {
                bytes += (long) Float.BYTES * weight.shape().size() * (layer.trains(weight) ? 3 : 1);
            }
        }
        return bytes;
    }

    private Optional<Path> elsewhere(Model model, String name) {
        try {
            Path other = Files.createTempDirectory("rekur-").resolve(name);
            model.save(other, options);
            terminal.err()
                    .println("The trained model is in " + other + " instead; move it to a place that has room. "
                            + Topics.command(SECTION));
            return Optional.of(other);
        } catch (IOException | RuntimeException | Error unwritable) {
            terminal.err()
                    .println("Nor can the trained model be written to the directory for temporary files: "
                            + unwritable.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where a model goes whose training is interrupted: beside {@code tuned.keras}, which is left as it is, to {@code
     * tuned.interrupted.keras}, or if the command reads or writes that, {@code tuned.interrupted-2.keras}.
     */
    static Path interrupted(Path output, NamedFiles named) {
        String name = ArrayFiles.nameOf(output);
        int ending = name.endsWith(".weights.h5") ? name.length() - ".weights.h5".length() : name.lastIndexOf('.');
        String begin = name.substring(0, ending < 0 ? name.length() : ending) + ".interrupted";
        String end = ending < 0 ? "" : name.substring(ending);
        Path file = output.resolveSibling(begin + end);
        for (int number = 2; named.isNamed(file); number++) {
            file = output.resolveSibling(begin + "-" + number + end);
        }
        return file;
    }
}
