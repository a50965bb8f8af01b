package dev.rekur.cli;

import dev.rekur.training.data.ArrayDataset;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model is validated on while it is trained. */
final class ValidationOptions {
    @Option(names = "--validation-data", paramLabel = "V", description = "Data of the same kind to validate on.")
    private @Nullable String file;

    @Option(
            names = "--validation-split",
            paramLabel = "F",
            description = "Validate on the last part of the data, this fraction of it, and train on the rest.")
    private @Nullable Double split;

    @Option(
            names = "--validation-rows",
            paramLabel = "COLUMN=VALUE,...",
            description = "Validate on these rows of V, or without V of D, whose other rows are trained on.")
    private @Nullable String rows;

    /**
     * Data as asked for.
     *
     * @param validation null if there is to be none
     */
    record Sets(ArrayDataset training, @Nullable ArrayDataset validation) {}

    /** Refuses what excludes each other; called before a file is read. */
    void check(DataOptions data) {
        if (split != null && (file != null || rows != null)) {
            throw new UsageException("--validation-split takes a part of the data; it excludes --validation-data and"
                    + " --validation-rows");
        }
        if (ArrayFiles.STANDARD_INPUT.equals(file) && data.file().equals(ArrayFiles.STANDARD_INPUT)) {
            throw new UsageException("--data and --validation-data cannot both be standard input");
        }
    }

    /** Says which file is read. */
    void name(NamedFiles files) {
        files.reads("--validation-data", file);
    }

    /** The file, for those who want to know whether it is the same as before; null if there is none. */
    @Nullable
    String file() {
        return file;
    }

    /** Reads what to train on and what to validate on. */
    Sets read(DataOptions data, TrainingFiles files, InputStream in) {
        if (rows != null) {
            return chosen(data, files, in, TableOptions.settings("--validation-rows", rows));
        }
        ArrayDataset all = data.read(files, in);
        if (split != null) {
            List<ArrayDataset> parts = all.split(split);
            return new Sets(parts.get(0), parts.get(1));
        }
        return new Sets(all, file == null ? null : files.read(file, RowChoice.of(Map.of()), in));
    }

    private Sets chosen(DataOptions data, TrainingFiles files, InputStream in, Map<String, String> validated) {
        RowChoice training = data.rows();
        RowChoice validation = RowChoice.of(validated).besides(training.columns());
        if (file != null) {
            return new Sets(data.read(files, in), files.read(file, validation, in));
        }
        return new Sets(
                files.read(data.file(), training.without(validated), in), files.read(data.file(), validation, in));
    }
}
