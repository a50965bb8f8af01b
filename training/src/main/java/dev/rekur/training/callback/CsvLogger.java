package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a line of comma-separated values after each epoch: {@code epoch}, counted from 0, then the values the first epoch
 * has, sorted by name; {@code NA} for those a later epoch lacks. If the first epoch was not validated, columns with {@code
 * val_} are there all the same. Lines end in CR LF.
 *
 * <p>A training that goes on after an interruption takes back the lines that were written after its backup.
 *
 * <p>Follows {@code keras/src/callbacks/csv_logger.py} of Keras 3.15.1.
 */
public final class CsvLogger implements Callback {
    private static final String OWNER = "CSVLogger";

    private final Path file;
    private char separator = ',';
    private boolean append;

    private boolean headerNeeded = true;
    private boolean headerWritten;
    private List<String> keys = List.of();

    /** Length of the file to go on from, or -1 to begin as the settings say. */
    private long keptLength = -1;

    private boolean opened;

    private CsvLogger(Path file) {
        this.file = file;
    }

    /** To a file, which is replaced, with commas between the values. */
    public static CsvLogger to(Path file) {
        return new CsvLogger(file);
    }

    /**
     * From texts under the names of Keras's arguments; all but {@code filename}.
     *
     * @throws InvalidInputException if a name is unknown or a value none; says what there is
     */
    public static CsvLogger fromSettings(Path file, Map<String, String> settings) {
        Settings read = new Settings(OWNER, settings);
        CsvLogger callback = to(file);
        String separator = read.text("separator", ",");
        if (separator.length() != 1) {
            throw read.mismatch("separator", "one character", separator);
        }
        callback.separator = separator.charAt(0);
        callback.append = read.flag("append", false);
        read.finish();
        return callback;
    }

    public CsvLogger separator(char character) {
        separator = character;
        return this;
    }

    /** Adds to the file instead of replacing it; the line with the names is written only if the file is empty. */
    public CsvLogger append() {
        append = true;
        return this;
    }

    @Override
    public void check(Set<String> logNames) {
        Targets.requireFile(OWNER, file);
    }

    @Override
    public void trainBegin(TrainingRun run) {
        keys = List.of();
        headerNeeded = true;
        headerWritten = false;
        keptLength = -1;
        opened = false;
    }

    /** Opens the file: not before, since until then the state of an interrupted training may arrive. */
    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        openOnce();
    }

    @Override
    public void epochResumed(TrainingRun run, int epoch, int batch) {
        openOnce();
    }

    private void openOnce() {
        if (!opened) {
            open();
            opened = true;
        }
    }

    private void open() {
        try {
            if (keptLength >= 0 && Files.exists(file)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(keptLength);
                }
            } else if (append) {
                headerNeeded = !Files.exists(file) || Files.size(file) == 0;
            } else {
                Files.write(file, new byte[0]);
            }
        } catch (IOException e) {
            throw Targets.unwritable(OWNER, file, e);
        }
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        if (keys.isEmpty()) {
            keys = columns(logs);
        }
        StringBuilder lines = new StringBuilder();
        if (!headerWritten) {
            headerWritten = true;
            if (headerNeeded) {
                line(lines, "epoch", keys);
            }
        }
        line(
                lines,
                Integer.toString(epoch),
                keys.stream()
                        .map(key -> logs.contains(key) ? PythonFloat.repr(logs.value(key)) : "NA")
                        .toList());
        try {
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Targets.unwritable(OWNER, file, e);
        }
    }

    private static List<String> columns(Logs logs) {
        List<String> sorted = new ArrayList<>(new TreeSet<>(logs.names()));
        if (sorted.stream().noneMatch(name -> name.startsWith("val_"))) {
            sorted.addAll(sorted.stream().map(name -> "val_" + name).toList());
        }
        return List.copyOf(sorted);
    }

    private void line(StringBuilder lines, String first, List<String> others) {
        lines.append(quoted(first));
        others.forEach(value -> lines.append(separator).append(quoted(value)));
        lines.append("\r\n");
    }

    /** Quotes where Python's csv module does. */
    private String quoted(String value) {
        boolean plain = value.chars().noneMatch(c -> c == separator || c == '"' || c == '\r' || c == '\n');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("columns", keys);
        state.put("header_needed", headerNeeded ? 1 : 0);
        state.put("header_written", headerWritten ? 1 : 0);
        state.put("length", length());
        return state;
    }

    private long length() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw Targets.unwritable(OWNER, file, e);
        }
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        State kept = new State(OWNER, state);
        keys = kept.list("columns").stream().map(String::valueOf).toList();
        headerNeeded = kept.integer("header_needed") != 0;
        headerWritten = kept.integer("header_written") != 0;
        keptLength = kept.whole("length");
        if (keptLength < 0) {
            throw kept.broken("length");
        }
    }
}
