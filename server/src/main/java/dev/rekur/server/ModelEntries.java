package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What folders hold that can be served. Of what looks like a model and is none, it says so, once. */
final class ModelEntries {
    /** A configuration begins with its module and class. */
    private static final int BEGINNING = 200;

    private final Consumer<String> warnings;
    private final Map<Path, List<Path>> listed = new HashMap<>();
    private final Set<Path> warned = new HashSet<>();

    ModelEntries(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /**
     * Makes sure that a folder can be listed. One below it that cannot is left out with a warning.
     *
     * @throws InvalidInputException if it cannot
     */
    void require(Path folder) {
        try {
            list(folder);
        } catch (IOException unreadable) {
            throw new InvalidInputException(
                    folder.toString(),
                    "cannot be listed: " + reason(unreadable),
                    "Give the user that the server runs as the right to read the folder, or name another.",
                    "docs/TROUBLESHOOTING.md#no-such-file",
                    unreadable);
        }
    }

    /** Models directly in a folder, sorted by the names of their files. */
    List<ModelEntry> models(Path folder) {
        List<ModelEntry> models = new ArrayList<>();
        List<Path> entries = usable(folder);
        Set<String> whole = entries.stream()
                .filter(entry -> isWholeModel(entry))
                .map(ModelEntry::nameOf)
                .collect(Collectors.toSet());
        for (Path entry : entries) {
            if (isWholeModel(entry)) {
                models.add(ModelEntry.of(entry));
            } else if (ModelEntry.isConfiguration(entry)) {
                ModelEntry model = ModelEntry.of(entry);
                if (whole.contains(model.name())) {
                    continue; // the file with both in it is what is served
                }
                if (model.weights().isPresent()) {
                    models.add(model);
                } else if (beginsLikeConfiguration(entry)) {
                    skip(entry, "a configuration without weights; put " + model.name() + ".weights.h5 beside it");
                }
            } else if (Files.isDirectory(entry)) {
                if (ModelEntry.hasModelName(entry)) {
                    skip(entry, "a folder without the config.json of an unpacked model");
                }
            } else if (ModelEntry.hasModelName(entry)) {
                skip(entry, "no regular file");
            } else if (ModelEntry.isWeightsName(entry)
                    && !whole.contains(ModelEntry.nameOf(entry))
                    && !Files.isRegularFile(entry.resolveSibling(ModelEntry.nameOf(entry) + ".json"))) {
                skip(entry, "weights without their model; put " + ModelEntry.nameOf(entry) + ".json beside them");
            }
        }
        return models;
    }

    /** Folders directly in a folder, sorted by name; unpacked models are folders too. */
    List<Path> folders(Path folder) {
        return usable(folder).stream().filter(Files::isDirectory).toList();
    }

    private static boolean isWholeModel(Path entry) {
        return ModelEntry.hasModelName(entry) && Files.isRegularFile(entry) || ModelEntry.isUnpacked(entry);
    }

    /** What is in a folder and is not hidden, links that lead nowhere and names that cannot be read left out. */
    private List<Path> usable(Path folder) {
        return listed.computeIfAbsent(folder, this::reachable);
    }

    private List<Path> reachable(Path folder) {
        try {
            return list(folder).stream()
                    .filter(entry -> !ModelEntry.fileName(entry).startsWith("."))
                    .filter(this::isReachable)
                    .toList();
        } catch (IOException unreadable) {
            skip(folder, "it cannot be listed: " + reason(unreadable));
            return List.of();
        }
    }

    private boolean isReachable(Path entry) {
        if (!isReadable(entry)) {
            skip(
                    entry,
                    "its name cannot be read in the encoding of the locale, " + System.getProperty("sun.jnu.encoding")
                            + "; rename it, or set LC_ALL to a locale that has its characters, C.UTF-8 say");
            return false;
        }
        if (!Files.exists(entry)) {
            skip(entry, "a link that leads nowhere");
            return false;
        }
        return true;
    }

    /** Whether the name as text still names the file. */
    private static boolean isReadable(Path entry) {
        try {
            return entry.resolveSibling(ModelEntry.fileName(entry)).equals(entry);
        } catch (InvalidPathException unreadable) {
            return false;
        }
    }

    private static boolean beginsLikeConfiguration(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            String beginning = new String(content.readNBytes(BEGINNING), StandardCharsets.UTF_8);
            return beginning.stripLeading().startsWith("{") && beginning.contains("\"class_name\"");
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void skip(Path entry, String reason) {
        if (warned.add(entry)) {
            warnings.accept(entry + " is not served: " + reason);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static String reason(IOException unreadable) {
        if (unreadable instanceof AccessDeniedException) {
            return "permission denied";
        }
        return unreadable instanceof NoSuchFileException
                ? "there is no such folder"
                : String.valueOf(unreadable.getMessage());
    }
}
