package dev.rekur.training.checkpoint;

import dev.rekur.error.InvalidInputException;
import dev.rekur.file.AtomicFile;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Checkpoint}; {@link CheckpointReader} reads it. */
final class CheckpointWriter {
    private final DataOutputStream out;

    private CheckpointWriter(DataOutputStream out) {
        this.out = out;
    }

    static void write(Checkpoint checkpoint, Path directory, List<Variable> variables) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new InvalidInputException(
                    directory + ": cannot be made: " + AtomicFile.reason(directory, e)
                            + ". Name a directory that can be written",
                    "docs/TROUBLESHOOTING.md#resume",
                    e);
        }
        AtomicFile.replace(directory.resolve(Checkpoint.FILE), stream -> {
            CheckedOutputStream checked =
                    new CheckedOutputStream(new BufferedOutputStream(stream, 1 << 16), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            new CheckpointWriter(out).write(checkpoint, variables);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
        });
    }

    private void write(Checkpoint checkpoint, List<Variable> variables) throws IOException {
        out.writeLong(Checkpoint.MAGIC);
        out.writeLong(checkpoint.seed());
        place(checkpoint.place());
        out.writeLong(checkpoint.step());
        out.writeBoolean(checkpoint.stopping());
        out.writeInt(variables.size());
        for (Variable variable : variables) {
            text(variable.path());
            tensor(checkpoint.weights().get(variable.layer(), variable.spec().path()));
        }
        out.writeInt(checkpoint.optimizerVariables().size());
        for (OptimizerVariable variable : checkpoint.optimizerVariables()) {
            text(variable.name());
            Long whole = variable.whole();
            out.writeBoolean(whole != null);
            if (whole != null) {
                out.writeLong(whole);
            } else {
                tensor(variable.value());
            }
        }
        out.writeInt(checkpoint.states().batch());
        out.writeInt(checkpoint.states().values().size());
        for (float[] state : checkpoint.states().values()) {
            tensor(FloatTensor.wrap(Shape.of(state.length), state));
        }
        value("callbacks", checkpoint.callbacks());
    }

    private void place(Checkpoint.Place place) throws IOException {
        out.writeInt(place.epoch());
        out.writeInt(place.batch());
        out.writeInt(place.batchSize());
        out.writeInt(place.stepsPerEpoch());
        out.writeInt(place.sums().size());
        for (double[] sums : place.sums()) {
            out.writeInt(sums.length);
            for (double sum : sums) {
                out.writeDouble(sum);
            }
        }
    }

    private void tensor(FloatTensor tensor) throws IOException {
        int[] dimensions = tensor.shape().dimensions();
        out.writeInt(dimensions.length);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
        for (int i = 0; i < tensor.size(); i++) {
            out.writeFloat(tensor.get(i));
        }
    }

    /**
     * @param where for messages: {@code callbacks[0].best}
     */
    private void value(String where, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeByte('m');
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String key)) {
                    throw unknown(where + ", a key", entry.getKey());
                }
                text(key);
                value(where + "." + key, entry.getValue());
            }
        } else if (value instanceof List<?> list) {
            out.writeByte('l');
            out.writeInt(list.size());
            for (int i = 0; i < list.size(); i++) {
                value(where + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof Double || value instanceof Float) {
            out.writeByte('d');
            out.writeDouble(((Number) value).doubleValue());
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            out.writeByte('i');
            out.writeLong(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            out.writeByte('b');
            out.writeBoolean(flag);
        } else if (value instanceof String text) {
            out.writeByte('s');
            text(text);
        } else {
            throw unknown(where, value);
        }
    }

    private static InvalidInputException unknown(String where, @Nullable Object value) {
        String found = value == null ? "null" : value.getClass().getName();
        return new InvalidInputException(
                "a callback's state, " + where + ": expected a text, a number, true or false, or lists"
                        + " and maps (by text) of them, found " + found + ". Let Callback.state() give nothing else");
    }

    private void text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
