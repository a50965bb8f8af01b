package dev.rekur.cli;

import dev.rekur.file.AtomicFile;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file that predictions are written to. It is replaced as a whole: whoever reads it sees the old or the new one. */
final class OutputFile {
    private final Path path;
    private final String format;

    /**
     * A file named on the command line, not yet opened.
     *
     * @throws UsageException if its extension names no format
     */
    OutputFile(String file) {
        this.path = ArgumentPath.of(file);
        this.format = ArrayFiles.extension(file);
        if (!List.of("npz", "npy", "json").contains(format)) {
            throw new UsageException(file + ": expected an output file .npz, .npy or .json");
        }
    }

    /**
     * Refuses what the file cannot hold, before any work is done.
     *
     * @throws UsageException if the model has several outputs and the format has room for one
     */
    void check(List<String> outputNames) {
        if (format.equals("npy") && outputNames.size() != 1) {
            throw new UsageException(path.getFileName() + ": a .npy file holds one array, but the model has outputs "
                    + outputNames + "; write .npz or .json");
        }
    }

    /** Writes predictions, in the model's order; as JSON with the names of classes. */
    void write(ClassTable classes, List<Tensor> outputs) {
        WrittenFiles.makeFolder(path);
        AtomicFile.replace(path, out -> fill(out, classes, outputs));
    }

    private void fill(OutputStream out, ClassTable classes, List<Tensor> outputs) throws IOException {
        switch (format) {
            case "npz" -> {
                Map<String, Tensor> arrays = new LinkedHashMap<>();
                for (int i = 0; i < outputs.size(); i++) {
                    arrays.put("output_" + i, outputs.get(i));
                }
                NumpyWriter.npz(out, arrays);
            }
            case "npy" -> NumpyWriter.npy(out, outputs.get(0));
            default -> out.write((JsonText.of(classes.object(outputs)) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
