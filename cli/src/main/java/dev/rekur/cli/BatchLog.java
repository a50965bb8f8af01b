package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.callback.BatchListener;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.PythonFloat;
import dev.rekur.training.callback.TrainingRun;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes loss and metrics of each batch alone: a line with the names, {@code epoch,batch,loss,...}, then a line for each batch.
 * Both are counted from 0. A training that goes on after an interruption takes back the lines of the batches that it repeats.
 */
final class BatchLog implements BatchListener, Callback, AutoCloseable {
    private static final String LENGTH = "length";
    private static final String LOSS = "loss";

    private final Path file;
    private @Nullable Writer writer;

    /** Where a training that goes on finds the file's end; 0 for one that begins. */
    private long keptLength;

    BatchLog(Path file) {
        this.file = file;
    }

    @Override
    public void batch(int epoch, int batch, Logs logs) {
        try {
            Writer open = writer == null ? open(logs) : writer;
            open.write(epoch + "," + batch + "," + PythonFloat.repr(logs.value(LOSS)));
            for (int i = 0; i < logs.size(); i++) {
                if (!logs.name(i).equals(LOSS)) {
                    open.write("," + PythonFloat.repr(logs.value(i)));
                }
            }
            open.write("\n");
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private Writer open(Logs logs) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(keptLength);
        }
        Writer opened = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        writer = opened;
        if (Files.size(file) == 0) {
            opened.write("epoch,batch," + LOSS);
            for (String name : logs.names()) {
                opened.write(name.equals(LOSS) ? "" : "," + name);
            }
            opened.write("\n");
        }
        return opened;
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        try {
            if (writer != null) {
                writer.flush();
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    @Override
    public Map<String, Object> state() {
        try {
            if (writer != null) {
                writer.flush();
            }
            return Map.of(LENGTH, Files.exists(file) ? Files.size(file) : 0L);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        if (!(state.get(LENGTH) instanceof Number length) || length.longValue() < 0) {
            throw new InvalidInputException(
                    file + ": the kept training does not say where this file of batches went on. It"
                            + " is left as it is; go on with another --batch-log, or begin anew in another folder.",
                    "docs/TROUBLESHOOTING.md#resume");
        }
        keptLength = length.longValue();
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private InvalidInputException unwritable(IOException failure) {
        return new InvalidInputException(file + ": cannot be written: " + failure.getMessage(), failure);
    }
}
