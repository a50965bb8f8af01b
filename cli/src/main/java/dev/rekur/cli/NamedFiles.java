package dev.rekur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files that a command line names: none that is written may be one that is read, or that is written by another option. */
final class NamedFiles {
    /** A file as it is named, and the option that names it. */
    private record Named(String option, String file, Path path) {}

    private final List<Named> sources = new ArrayList<>();
    private final List<Named> targets = new ArrayList<>();

    /** Says which file an option reads; nothing if it names none, or standard input. */
    void reads(String option, @Nullable String file) {
        if (file != null && !file.equals(ArrayFiles.STANDARD_INPUT)) {
            sources.add(new Named(option, file, ArgumentPath.of(file)));
        }
    }

    /**
     * Says which file an option writes; nothing if it names none.
     *
     * @throws UsageException if another option reads or writes the same file
     */
    void writes(String option, @Nullable String file) {
        if (file == null) {
            return;
        }
        Named target = new Named(option, file, ArgumentPath.of(file));
        for (Named source : sources) {
            if (isSame(source.path(), target.path())) {
                throw new UsageException(option + " " + file + ": this is the file that " + source.option()
                        + " reads, which would be lost; write another");
            }
        }
        for (Named other : targets) {
            if (isSame(other.path(), target.path())) {
                throw new UsageException(other.option() + " and " + option + " both write " + file
                        + ", so that only the last would be left; give each a file of its own");
            }
        }
        targets.add(target);
    }

    /** Whether an option reads or writes a file. */
    boolean isNamed(Path file) {
        return Stream.concat(sources.stream(), targets.stream()).anyMatch(named -> isSame(named.path(), file));
    }

    private static boolean isSame(Path a, Path b) {
        if (a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())) {
            return true;
        }
        try {
            return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b); // links
        } catch (IOException e) {
            return false;
        }
    }
}
