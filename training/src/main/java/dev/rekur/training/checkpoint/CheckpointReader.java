package dev.rekur.training.checkpoint;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Weights;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Reads a {@link Checkpoint}. The file is read twice, first for its checksum, and never held whole. Since a checksum is no
 * signature, nothing that the file says is believed: what it claims to hold takes memory once it is known to be in the file.
 */
final class CheckpointReader {
    private static final int BUFFER_SIZE = 1 << 16;
    private static final int DEPTH_LIMIT = 64;
    private static final int RANK_LIMIT = 32;

    private final Path file;
    private final DataInputStream in;

    /** Bytes between here and the checksum. */
    private long left;

    private CheckpointReader(Path file, DataInputStream in, long size) {
        this.file = file;
        this.in = in;
        this.left = size - Long.BYTES;
    }

    static Optional<Checkpoint> read(Path file, List<Variable> variables) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            long size = Files.size(file);
            if (size < 2 * Long.BYTES) {
                throw broken(file, "is too short");
            }
            requireWhole(file, size);
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_SIZE))) {
                return Optional.of(new CheckpointReader(file, in, size).checkpoint(variables));
            }
        } catch (EOFException e) {
            throw broken(file, "ends before it is complete");
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read: " + e.getMessage(), "docs/TROUBLESHOOTING.md#resume", e);
        }
    }

    private static void requireWhole(Path file, long size) throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream bytes = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(bytes)) {
            byte[] buffer = new byte[BUFFER_SIZE];
            for (long left = size - Long.BYTES; left > 0; ) {
                int count = (int) Math.min(left, buffer.length);
                in.readFully(buffer, 0, count);
                checksum.update(buffer, 0, count);
                left -= count;
            }
            if (in.readLong() != checksum.getValue()) {
                throw broken(file, "is damaged: its checksum is wrong");
            }
        }
    }

    private Checkpoint checkpoint(List<Variable> variables) throws IOException {
        if (whole() != Checkpoint.MAGIC) {
            throw broken("is no checkpoint of this version of Rekur");
        }
        long seed = whole();
        Checkpoint.Place place = place();
        long step = whole();
        if (step < 0) {
            throw broken("has " + step + " as the number of a step");
        }
        boolean stopping = flag();
        Weights weights = weights(variables);
        List<OptimizerVariable> optimizer = new ArrayList<>();
        for (int count = count("optimizer variables"); count > 0; count--) {
            String name = text();
            optimizer.add(
                    flag() ? OptimizerVariable.whole(name, whole()) : new OptimizerVariable(name, tensor(shape())));
        }
        int batch = count("rows of a state");
        List<float[]> states = new ArrayList<>();
        for (int count = count("states"); count > 0; count--) {
            states.add(tensor(shape()).toArray());
        }
        Map<String, Object> callbacks = new LinkedHashMap<>();
        if (value(0) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> callbacks.put((String) key, value));
        }
        if (left != 0) {
            throw broken("has " + left + " bytes more than belong to it");
        }
        return new Checkpoint(
                seed, place, step, stopping, weights, optimizer, new Checkpoint.States(batch, states), callbacks);
    }

    private Checkpoint.Place place() throws IOException {
        int epoch = count("the number of an epoch");
        int batch = count("the number of a batch");
        int batchSize = count("rows of a batch");
        int steps = count("batches of an epoch");
        List<double[]> sums = new ArrayList<>();
        for (int count = count("sums"); count > 0; count--) {
            double[] values = new double[requireThere(count("numbers of a sum"), Double.BYTES)];
            for (int i = 0; i < values.length; i++) {
                take(Double.BYTES);
                values[i] = in.readDouble();
            }
            sums.add(values);
        }
        return new Checkpoint.Place(epoch, batch, batchSize, steps, sums);
    }

    private Weights weights(List<Variable> variables) throws IOException {
        Weights.Builder weights = Weights.builder();
        int count = count("weights");
        if (count != variables.size()) {
            throw broken("has " + count + " weights, the model " + variables.size());
        }
        for (Variable variable : variables) {
            String path = text();
            Shape shape = shape();
            if (!path.equals(variable.path()) || !shape.equals(variable.shape())) {
                throw broken("has a weight '" + path + "' " + shape + " where the model has " + variable);
            }
            weights.put(variable.layer(), variable.spec(), tensor(shape));
        }
        return weights.build();
    }

    /** A shape whose elements are all in the file. */
    private Shape shape() throws IOException {
        int rank = number();
        if (rank < 0 || rank > RANK_LIMIT) {
            throw broken("has an array of rank " + rank);
        }
        int[] dimensions = new int[rank];
        long size = 1;
        for (int axis = 0; axis < rank; axis++) {
            dimensions[axis] = count("an array's dimension");
            size = requireThere(size * dimensions[axis], Float.BYTES);
        }
        return Shape.of(dimensions);
    }

    private FloatTensor tensor(Shape shape) throws IOException {
        float[] values = new float[requireThere(shape.size(), Float.BYTES)];
        take((long) values.length * Float.BYTES);
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return FloatTensor.wrap(shape, values);
    }

    private Object value(int depth) throws IOException {
        if (depth > DEPTH_LIMIT) {
            throw broken("is nested too deeply");
        }
        take(1);
        byte kind = in.readByte();
        switch (kind) {
            case 'm' -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int count = count("entries of a map"); count > 0; count--) {
                    String key = text();
                    map.put(key, value(depth + 1));
                }
                return map;
            }
            case 'l' -> {
                List<Object> list = new ArrayList<>();
                for (int count = count("elements of a list"); count > 0; count--) {
                    list.add(value(depth + 1));
                }
                return list;
            }
            case 'd' -> {
                take(Double.BYTES);
                return in.readDouble();
            }
            case 'i' -> {
                return whole();
            }
            case 'b' -> {
                return flag();
            }
            case 's' -> {
                return text();
            }
            default -> throw broken("has a value of unknown kind " + kind);
        }
    }

    private String text() throws IOException {
        byte[] bytes = new byte[requireThere(count("bytes of a text"), 1)];
        take(bytes.length);
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int number() throws IOException {
        take(Integer.BYTES);
        return in.readInt();
    }

    private int count(String what) throws IOException {
        int count = number();
        if (count < 0) {
            throw broken("has " + count + " as " + what);
        }
        return count;
    }

    private long whole() throws IOException {
        take(Long.BYTES);
        return in.readLong();
    }

    private boolean flag() throws IOException {
        take(1);
        return in.readBoolean();
    }

    private void take(long bytes) throws EOFException {
        left -= bytes;
        if (left < 0) {
            throw new EOFException();
        }
    }

    private int requireThere(long count, int bytes) {
        if (count > left / bytes || count > Integer.MAX_VALUE - 8) {
            throw broken("has an array or a text that is larger than what is left of it");
        }
        return (int) count;
    }

    private InvalidInputException broken(String what) {
        return broken(file, what);
    }

    private static InvalidInputException broken(Path file, String what) {
        return new InvalidInputException(
                file + ": " + what + ". Remove the directory to begin anew, or name the one of this training",
                "docs/TROUBLESHOOTING.md#resume");
    }
}
