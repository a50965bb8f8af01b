package dev.rekur.cli;

import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
        this.path = ArrayFiles.path(file);
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

    /** Writes predictions, or what came of it: {@code names} and {@code outputs} in the model's order. */
    void write(List<String> names, List<Tensor> outputs) {
        try {
            Path target = Files.isSymbolicLink(path) ? path.toRealPath() : path;
            Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            Files.createFile(temporary); // with the permissions that the umask leaves, which createTempFile ignores
            try {
                keepPermissions(target, temporary);
                fill(temporary, names, outputs);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                replace(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (NoSuchFileException missing) {
            throw new UsageException(path + ": cannot be written: there is no such directory", missing);
        } catch (AccessDeniedException denied) {
            throw new UsageException(path + ": cannot be written: permission denied", denied);
        } catch (IOException failure) {
            throw new UsageException(path + ": cannot be written: " + failure.getMessage(), failure);
        }
    }

    /** Gives a file the permissions of the one it is to replace, where files have such. */
    private static void keepPermissions(Path target, Path temporary) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view != null && Files.isRegularFile(target)) {
            view.setPermissions(Files.getPosixFilePermissions(target));
        }
    }

    private void fill(Path file, List<String> names, List<Tensor> outputs) throws IOException {
        switch (format) {
            case "npz" -> {
                Map<String, Tensor> arrays = new LinkedHashMap<>();
                for (int i = 0; i < outputs.size(); i++) {
                    arrays.put("output_" + i, outputs.get(i));
                }
                NumpyWriter.npz(file, arrays);
            }
            case "npy" -> NumpyWriter.npy(file, outputs.get(0));
            default -> {
                Map<String, @Nullable Object> arrays = new LinkedHashMap<>();
                for (int i = 0; i < outputs.size(); i++) {
                    arrays.put(names.get(i), TensorText.nested(outputs.get(i)));
                }
                Files.writeString(file, JsonText.of(arrays) + "\n", StandardCharsets.UTF_8);
            }
        }
    }

    private static void replace(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
