package dev.rekur.cli;

import dev.rekur.graph.Graph;
import dev.rekur.training.data.ArrayDataset;
import java.io.InputStream;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a model is trained or evaluated on. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "D",
            required = true,
            description =
                    "A .npz with x (or one array per input's name), y (or one per output's name), and sample_weight"
                            + " if rows count differently; a .json of the same; - for such JSON on standard input. A .csv"
                            + " with columns of numbers or texts (see --columns), or for a model of texts a .txt with a"
                            + " text, a tab and a label on each line; both also with .gz. Labels are numbers of classes, or"
                            + " their names (see --labels).")
    private String file;

    @Mixin
    private final TableOptions table = new TableOptions();

    String file() {
        return file;
    }

    /** Says which file is read. */
    void name(NamedFiles files) {
        files.reads("--data", file);
    }

    /** What reads data of this kind. */
    TrainingFiles files(Graph graph, List<String> outputsWithLoss, ClassNames classes) {
        return new TrainingFiles(graph, outputsWithLoss, classes, table.columns());
    }

    /** Which rows of a table the user asks for. */
    RowChoice rows() {
        return RowChoice.of(table.rows());
    }

    /** Reads the data. */
    ArrayDataset read(TrainingFiles files, InputStream in) {
        return files.read(file, rows(), in);
    }
}
