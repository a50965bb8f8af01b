package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files of real Keras lie. */
final class Fixtures {
    private Fixtures() {}

    /** The repository's root. */
    static Path root() {
        return Path.of(System.getProperty("rekur.root", ".."));
    }

    /** A file or folder that must be there. */
    static Path require(String... names) {
        Path path = root().resolve("fixtures");
        for (String name : names) {
            path = path.resolve(name);
        }
        assertThat(Files.exists(path)).as("fixture %s", path).isTrue();
        return path;
    }

    static Path example(String name) {
        return require("example", name);
    }

    static Path golden(String name) {
        return require("golden", name, "model.keras");
    }
}
