package dev.rekur.cli;

import dev.rekur.file.AtomicFile;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekur convert}: the same model in another file. */
@Command(name = "convert", description = "Writes the model in another format, for Keras 3 or for Keras 2.")
final class ConvertVerb extends Verb {
    private static final List<String> NOT_YET = List.of(".onnx", ".dl4j.zip");

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description =
                    "The file to write; its name ends in .keras, .h5, .weights.h5 or .json (configuration alone).")
    private Path out;

    @Mixin
    private final SaveVersion version = new SaveVersion();

    @Option(names = "--overwrite", description = "Replace OUT if it exists.")
    private boolean overwrite;

    ConvertVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        SaveOptions options = version.options();
        for (String ending : NOT_YET) {
            if (out.toString().endsWith(ending)) {
                throw new UsageException(
                        out + ": Rekur does not write " + ending + " yet; write .keras, .h5, .weights.h5 or .json");
            }
        }
        if (Files.exists(out) && !overwrite) {
            throw new UsageException(out + ": exists; give --overwrite to replace it");
        }
        Model loaded = model.load();
        WrittenFiles.makeFolder(out);
        AtomicFile.requireWritable(out);
        loaded.save(out, options);
        return CommandRunner.DONE;
    }
}
