package dev.rekur.cli;

import dev.rekur.training.ArrayDataset;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model is trained and validated on. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "D",
            required = true,
            description =
                    "A .npz with x (or one array per input's name), y (or one per output's name), and sample_weight"
                            + " if rows count differently; a .json of the same; - for such JSON on standard input. For models of"
                            + " texts a .csv with columns text and label (or the names of input and output), or a .txt with a"
                            + " text, a tab and a label on each line; both also with .gz. Labels are numbers of classes, or"
                            + " their names from a labels.json beside the model.")
    private String data;

    @Option(names = "--validation-data", paramLabel = "V", description = "Data of the same kind to validate on.")
    private @Nullable String validationData;

    @Option(
            names = "--validation-split",
            paramLabel = "F",
            description = "Validate on the last part of the data, this fraction of it, and train on the rest.")
    private @Nullable Double validationSplit;

    @Option(
            names = "--rows",
            paramLabel = "COLUMN=VALUE,...",
            description = "Train on these rows of a table alone: --rows split=train.")
    private @Nullable String rows;

    @Option(
            names = "--validation-rows",
            paramLabel = "COLUMN=VALUE,...",
            description = "Validate on these rows of V, or without V of D.")
    private @Nullable String validationRows;

    @Option(
            names = "--columns",
            paramLabel = "NAME=COLUMN,...",
            description = "Which column of a table is the text, which the label: --columns label=section.")
    private @Nullable String columns;

    /**
     * Data as asked for.
     *
     * @param validation null if there is to be none
     */
    record Sets(ArrayDataset training, @Nullable ArrayDataset validation) {}

    /** Refuses what excludes each other; called before a file is read. */
    void check() {
        if (validationSplit != null && (validationData != null || validationRows != null)) {
            throw new UsageException("--validation-split takes a part of the data; it excludes --validation-data and"
                    + " --validation-rows");
        }
        if (ArrayFiles.STANDARD_INPUT.equals(validationData) && data.equals(ArrayFiles.STANDARD_INPUT)) {
            throw new UsageException("--data and --validation-data cannot both be standard input");
        }
    }

    /** Says which files are read. */
    void name(NamedFiles files) {
        files.reads("--data", data);
        files.reads("--validation-data", validationData);
    }

    /** The columns that the user names. */
    Map<String, String> columns() {
        return settings("--columns", columns);
    }

    private static Map<String, String> settings(String option, @Nullable String text) {
        return text == null ? Map.of() : KeyValues.parse(option, text);
    }

    /** The files, for those who want to know whether they are the same as before. */
    List<String> files() {
        return validationData == null ? List.of(data) : List.of(data, validationData);
    }

    /** Reads the data. */
    Sets read(TrainingFiles files, InputStream in) {
        ArrayDataset all = files.read(data, settings("--rows", rows), in);
        if (validationSplit != null) {
            List<ArrayDataset> parts = all.split(validationSplit);
            return new Sets(parts.get(0), parts.get(1));
        }
        if (validationData == null && validationRows == null) {
            return new Sets(all, null);
        }
        String file = validationData == null ? data : validationData;
        return new Sets(all, files.read(file, settings("--validation-rows", validationRows), in));
    }
}
