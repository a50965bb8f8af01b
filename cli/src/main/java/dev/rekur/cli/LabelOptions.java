package dev.rekur.cli;

import dev.rekur.graph.Graph;
import dev.rekur.tensor.Shape;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the classes of a model are called. */
final class LabelOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "Names of the classes, in the order of the output: a .json with a list of them, or a .txt with one"
                            + " on each line. Without it those of a labels.json beside the model, if there is one.")
    private @Nullable Path file;

    /** Says which file is read. */
    void name(NamedFiles files) {
        files.reads("--labels", file == null ? null : file.toString());
    }

    /**
     * The names, by output.
     *
     * @throws dev.rekur.error.InvalidInputException if the file is something else, or the one that the user names has other classes
     */
    ClassNames read(Path model, Graph graph) {
        if (file == null) {
            return ClassNames.beside(model.toAbsolutePath()).of(graph.outputPorts());
        }
        ClassNames names = ClassNames.read(file).of(graph.outputPorts());
        for (int output = 0; output < graph.outputs().size(); output++) {
            Shape shape = graph.shape(graph.outputs().get(output));
            if (shape.rank() > 0 && shape.last() != Shape.UNKNOWN) {
                names.requireFit(graph.outputNames().get(output), shape.last());
            }
        }
        return names;
    }
}
