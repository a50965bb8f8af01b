package dev.rekur.format;

import dev.rekur.error.Problem;
import dev.rekur.model.Model;
import dev.rekur.model.Summary;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading a file.
 *
 * @param source the file's name
 * @param format the format's name
 * @param writer who wrote the file, for example {@code Keras 3.15.1}
 * @param layers every layer in the file's order
 * @param problems everything that keeps the model from being run; empty exactly if there is a model
 * @param model the model
 * @param summary the table of its layers, those that Rekur lacks marked; empty if the file's class of model is not known
 */
public record ModelReading(
        String source,
        String format,
        String writer,
        List<LayerReport> layers,
        List<Problem> problems,
        Optional<Model> model,
        Optional<Summary> summary) {
    public ModelReading {
        layers = List.copyOf(layers);
        problems = List.copyOf(problems);
    }

    /**
     * One layer of the file.
     *
     * @param className Keras's class; that of an operation with its module, {@code keras.ops.Add}, because layers have the same names
     * @param supported whether Rekur has this class of layer
     */
    public record LayerReport(String name, String className, boolean supported) {}

    /**
     * The model.
     *
     * @throws dev.rekur.error.UnsupportedModelException with every problem, if there are any
     * @throws dev.rekur.error.ModelFormatException if all of them are damage
     */
    public Model modelOrThrow() {
        return model.orElseThrow(() -> Problem.exception(source, problems));
    }
}
