package dev.rekur.format.keras;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the golden files of real Keras are. */
public final class GoldenFiles {
    private GoldenFiles() {}

    /** The folder named by the system property {@code rekur.fixtures}. */
    public static Path root() {
        String folder = System.getProperty("rekur.fixtures");
        if (folder == null || !Files.isDirectory(Path.of(folder))) {
            throw new IllegalStateException(
                    "the system property rekur.fixtures must name fixtures/golden, is " + folder);
        }
        return Path.of(folder);
    }

    /** Folders of the cases that load, sorted. */
    public static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(root())) {
            return folders.filter(folder -> Files.exists(folder.resolve("case.json")))
                    .sorted()
                    .toList();
        }
    }

    /** Folders of the files to be refused, sorted. */
    public static List<Path> refused() throws IOException {
        try (Stream<Path> folders = Files.list(root().resolve("refused"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("refused.json")))
                    .sorted()
                    .toList();
        }
    }

    /** Files of all cases whose name ends so, sorted. */
    public static List<Path> all(String extension) throws IOException {
        List<Path> found = new java.util.ArrayList<>();
        for (Path folder : cases()) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(extension))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }
}
