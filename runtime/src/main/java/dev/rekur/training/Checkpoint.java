package dev.rekur.training;

import dev.rekur.InvalidInputException;
import dev.rekur.format.AtomicFile;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Weights;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * Everything that a training needs to go on after an interruption, at the border between two epochs. Kept in one file, replaced
 * atomically, with a checksum at its end: torn files are told apart, not guessed at.
 *
 * @param nextEpoch the epoch to go on with
 * @param step number of the next step, which what is random depends on
 * @param states of stateful layers
 * @param callbacks their state: texts, numbers, and lists and objects of them
 */
record Checkpoint(
        long seed,
        int nextEpoch,
        long step,
        boolean stopping,
        Weights weights,
        List<OptimizerVariable> optimizerVariables,
        States states,
        Map<String, Object> callbacks) {
    /**
     * States of stateful layers.
     *
     * @param batch rows of a batch; 0 if there are none
     */
    record States(int batch, List<float[]> values) {}

    private static final String FILE = "training.rekur";
    private static final long MAGIC = 0x52454B5552_0002L;
    private static final int DEPTH_LIMIT = 64;

    /** Keeps it in a directory, which is made if need be. */
    void write(Path directory, List<Variable> variables) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new InvalidInputException(directory + ": cannot be made: " + e.getMessage(), e);
        }
        AtomicFile.replace(directory.resolve(FILE), stream -> {
            CheckedOutputStream checked =
                    new CheckedOutputStream(new BufferedOutputStream(stream, 1 << 16), new CRC32());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeLong(MAGIC);
            out.writeLong(seed);
            out.writeInt(nextEpoch);
            out.writeLong(step);
            out.writeBoolean(stopping);
            out.writeInt(variables.size());
            for (Variable variable : variables) {
                out.writeUTF(variable.path());
                writeTensor(out, weights.get(variable.layer(), variable.spec().path()));
            }
            out.writeInt(optimizerVariables.size());
            for (OptimizerVariable variable : optimizerVariables) {
                out.writeUTF(variable.name());
                writeTensor(out, variable.value());
            }
            out.writeInt(states.batch());
            out.writeInt(states.values().size());
            for (float[] state : states.values()) {
                writeTensor(out, FloatTensor.wrap(Shape.of(state.length), state));
            }
            writeValue(out, callbacks);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
        });
    }

    private static void writeTensor(DataOutputStream out, FloatTensor tensor) throws IOException {
        int[] dimensions = tensor.shape().dimensions();
        out.writeInt(dimensions.length);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
        for (int i = 0; i < tensor.size(); i++) {
            out.writeFloat(tensor.get(i));
        }
    }

    private static void writeValue(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeByte('m');
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writeText(out, String.valueOf(entry.getKey()));
                writeValue(out, entry.getValue());
            }
        } else if (value instanceof List<?> list) {
            out.writeByte('l');
            out.writeInt(list.size());
            for (Object element : list) {
                writeValue(out, element);
            }
        } else if (value instanceof Double || value instanceof Float) {
            out.writeByte('d');
            out.writeDouble(((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            out.writeByte('i');
            out.writeLong(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeByte('b');
            out.writeBoolean(flag);
        } else {
            out.writeByte('s');
            writeText(out, String.valueOf(value));
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * What a directory keeps; empty if it keeps nothing.
     *
     * @throws InvalidInputException if it is damaged, or of another model
     */
    static Optional<Checkpoint> read(Path directory, List<Variable> variables) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            requireWhole(file, bytes);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, bytes.length - Long.BYTES));
            if (in.readLong() != MAGIC) {
                throw broken(file, "is no checkpoint of this version of Rekur");
            }
            long seed = in.readLong();
            int nextEpoch = in.readInt();
            long step = in.readLong();
            boolean stopping = in.readBoolean();
            Weights weights = readWeights(file, in, variables);
            List<OptimizerVariable> optimizer = new ArrayList<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                optimizer.add(new OptimizerVariable(in.readUTF(), readTensor(file, in)));
            }
            int batch = in.readInt();
            List<float[]> states = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                states.add(readTensor(file, in).toArray());
            }
            Map<String, Object> callbacks = new LinkedHashMap<>();
            if (readValue(file, in, 0) instanceof Map<?, ?> map) {
                map.forEach((key, value) -> callbacks.put((String) key, value));
            }
            return Optional.of(new Checkpoint(
                    seed, nextEpoch, step, stopping, weights, optimizer, new States(batch, states), callbacks));
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireWhole(Path file, byte[] bytes) {
        if (bytes.length < 2 * Long.BYTES) {
            throw broken(file, "is too short");
        }
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, bytes.length - Long.BYTES);
        long kept =
                ByteBuffer.wrap(bytes, bytes.length - Long.BYTES, Long.BYTES).getLong();
        if (kept != checksum.getValue()) {
            throw broken(file, "is damaged: its checksum is wrong");
        }
    }

    private static Weights readWeights(Path file, DataInputStream in, List<Variable> variables) throws IOException {
        Weights.Builder weights = Weights.builder();
        int count = in.readInt();
        if (count != variables.size()) {
            throw broken(file, "has " + count + " weights, the model " + variables.size());
        }
        for (Variable variable : variables) {
            String path = in.readUTF();
            FloatTensor tensor = readTensor(file, in);
            if (!path.equals(variable.path()) || !tensor.shape().equals(variable.shape())) {
                throw broken(
                        file, "has a weight '" + path + "' " + tensor.shape() + " where the model has " + variable);
            }
            weights.put(variable.layer(), variable.spec(), tensor);
        }
        return weights.build();
    }

    private static FloatTensor readTensor(Path file, DataInputStream in) throws IOException {
        int rank = in.readInt();
        if (rank < 0 || rank > 32) {
            throw broken(file, "has an array of rank " + rank);
        }
        int[] dimensions = new int[rank];
        long size = 1;
        for (int axis = 0; axis < rank; axis++) {
            dimensions[axis] = in.readInt();
            size = dimensions[axis] < 0 ? -1 : size * dimensions[axis];
            if (size < 0 || size * Float.BYTES > in.available()) {
                throw broken(file, "has an array larger than the file");
            }
        }
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return FloatTensor.wrap(Shape.of(dimensions), values);
    }

    private static Object readValue(Path file, DataInputStream in, int depth) throws IOException {
        if (depth > DEPTH_LIMIT) {
            throw broken(file, "is nested too deeply");
        }
        byte kind = in.readByte();
        switch (kind) {
            case 'm' -> {
                Map<String, Object> map = new LinkedHashMap<>();
                int size = in.readInt();
                for (int i = 0; i < size; i++) {
                    String key = readText(file, in);
                    map.put(key, readValue(file, in, depth + 1));
                }
                return map;
            }
            case 'l' -> {
                List<Object> list = new ArrayList<>();
                int size = in.readInt();
                for (int i = 0; i < size; i++) {
                    list.add(readValue(file, in, depth + 1));
                }
                return list;
            }
            case 'd' -> {
                return in.readDouble();
            }
            case 'i' -> {
                return in.readLong();
            }
            case 'b' -> {
                return in.readBoolean();
            }
            case 's' -> {
                return readText(file, in);
            }
            default -> throw broken(file, "has a value of unknown kind " + kind);
        }
    }

    private static String readText(Path file, DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw broken(file, "has a text longer than the file");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static InvalidInputException broken(Path file, String what) {
        return new InvalidInputException(file + ": " + what
                + ". Remove the directory to begin anew, or name the one of this training;"
                + " docs/TROUBLESHOOTING.md#resume");
    }
}
