package dev.rekur.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;

/**
 * Where errors go. The {@code rekur} script hands the user's standard error over as another file descriptor, because the
 * JVM writes a warning about the Vector API to its own before any class of ours is loaded. To open the descriptor's path
 * instead would give a second position in the file, and lines would overwrite each other.
 */
final class StandardError {
    private static final String DESCRIPTOR = "rekur.stderr";

    private StandardError() {}

    /** Opens the stream, and makes it Java's. */
    static PrintStream open() {
        PrintStream err = new PrintStream(new FileOutputStream(descriptor()), true, StandardCharsets.UTF_8);
        System.setErr(err);
        return err;
    }

    private static FileDescriptor descriptor() {
        Integer number = Integer.getInteger(DESCRIPTOR);
        if (number == null) {
            return FileDescriptor.err;
        }
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number);
        } catch (ReflectiveOperationException | InaccessibleObjectException unavailable) {
            return FileDescriptor.err;
        }
    }
}
