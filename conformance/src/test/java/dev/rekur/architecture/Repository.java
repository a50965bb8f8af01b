package dev.rekur.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The files of the repository, without what builds leave behind. */
final class Repository {
    private static final Set<String> SKIPPED = Set.of("target", ".git", ".idea", ".venv", "__pycache__", "golden");

    private Repository() {}

    static Path root() {
        String root = System.getProperty("rekur.root");
        if (root == null) {
            throw new IllegalStateException("system property rekur.root is not set; run with Maven");
        }
        return Path.of(root);
    }

    /** Every file but golden ones, as a path below the root. */
    static List<Path> files() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return SKIPPED.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()
                            && !SKIPPED.contains(file.getFileName().toString())) {
                        files.add(root().relativize(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return files;
    }

    /** Java sources of modules, tests included or not. */
    static List<Path> javaSources(boolean tests) {
        return files().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> tests || !slashes(file).contains("/src/test/"))
                .toList();
    }

    static String slashes(Path file) {
        return file.toString().replace('\\', '/');
    }

    /** The text of a file; empty if it is not text. */
    static Optional<String> text(Path file) {
        try {
            String text = Files.readString(root().resolve(file), StandardCharsets.UTF_8);
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        } catch (MalformedInputException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
