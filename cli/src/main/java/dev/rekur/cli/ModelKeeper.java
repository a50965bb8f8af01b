package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.RekurException;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves trained models, and where that fails saves them elsewhere: the work of hours is not lost to a full disk. */
final class ModelKeeper {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#interrupted-training";

    /** Configuration, and what files have besides values. */
    private static final long OTHER_BYTES = 100_000;

    private ModelKeeper() {}

    /**
     * Saves a model.
     *
     * @param options which Keras is to read it
     * @throws InvalidInputException if the file cannot be written; it says where the model is instead
     */
    static void save(Model model, Path file, SaveOptions options) {
        try {
            model.save(file, options);
        } catch (RekurException unwritable) {
            throw new InvalidInputException(
                    unwritable.getMessage() + "\n" + elsewhere(model, file, options), SECTION, unwritable);
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

    private static String elsewhere(Model model, Path file, SaveOptions options) {
        try {
            Path other = Files.createTempDirectory("rekur-").resolve(ArrayFiles.nameOf(file));
            model.save(other, options);
            return "The trained model is in " + other + " instead; move it to a place that has room.";
        } catch (IOException | RekurException unwritable) {
            return "Nor can the trained model be written to the directory for temporary files: "
                    + unwritable.getMessage();
        }
    }

    /** Where a model goes whose training is interrupted: {@code tuned.keras} is left as it is. */
    static Path interrupted(Path output) {
        String name = ArrayFiles.nameOf(output);
        int ending = name.endsWith(".weights.h5") ? name.length() - ".weights.h5".length() : name.lastIndexOf('.');
        return output.resolveSibling(name.substring(0, ending) + ".interrupted" + name.substring(ending));
    }
}
