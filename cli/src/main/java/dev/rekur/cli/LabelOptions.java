package dev.rekur.cli;

import dev.rekur.error.RekurException;
import dev.rekur.graph.Graph;
import dev.rekur.server.Labels;
import java.nio.file.Path;
import java.util.function.Consumer;
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
     * @param warnings is told if what lies beside the model is something else; nobody asked for it
     * @throws dev.rekur.error.InvalidInputException if the file that the user names is something else, or has other classes
     */
    ClassNames read(Path model, Graph graph, Consumer<String> warnings) {
        if (file != null) {
            ClassNames names = ClassNames.read(file, graph.outputPorts());
            names.requireFit(graph);
            return names;
        }
        Path beside = Labels.file(model.toAbsolutePath()).orElse(null);
        try {
            return beside == null ? ClassNames.NONE : ClassNames.read(beside, graph.outputPorts());
        } catch (RekurException other) {
            warnings.accept("warning: no names of classes are taken from it: " + CommandWords.message(other));
            return ClassNames.NONE;
        }
    }
}
