package dev.rekur.server;

import dev.rekur.InvalidInputException;
import dev.rekur.ModelFormatException;
import dev.rekur.Rekur;
import dev.rekur.RekurException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds models in the paths a user names, and loads them. What is broken is reported at once, not one by one. */
final class ModelDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDirectories.class);
    private static final Set<String> EXTENSIONS = Set.of(".keras", ".h5", ".hdf5");
    private static final long UNVERSIONED = 1;

    private final ModelRepository.Builder models;
    private final List<RekurException> failures = new ArrayList<>();

    ModelDirectories(ModelRepository.Builder models) {
        this.models = models;
    }

    void addAll(List<Path> paths) {
        for (Path path : paths) {
            add(path.toAbsolutePath().normalize());
        }
        if (failures.size() == 1) {
            throw failures.get(0);
        }
        if (!failures.isEmpty()) {
            StringBuilder text = new StringBuilder(failures.size() + " models cannot be served:");
            failures.forEach(failure -> text.append('\n').append(failure.getMessage()));
            ModelFormatException all = new ModelFormatException(text.toString());
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    private void add(Path path) {
        if (!Files.exists(path)) {
            throw new InvalidInputException(
                    path + ": no such file or folder. Name a model file or a folder of models.");
        }
        if (Files.isRegularFile(path) || isUnpackedModel(path)) {
            load(nameOf(path), UNVERSIONED, path);
            return;
        }
        List<Path> versions = versionFolders(path);
        if (!versions.isEmpty()) {
            addVersions(path, versions);
            return;
        }
        int found = 0;
        for (Path entry : entries(path)) {
            if (isModelFile(entry) || isUnpackedModel(entry)) {
                load(nameOf(entry), UNVERSIONED, entry);
                found++;
            } else if (Files.isDirectory(entry)) {
                List<Path> inside = versionFolders(entry);
                addVersions(entry, inside);
                found += inside.size();
            }
        }
        if (found == 0) {
            throw new InvalidInputException(path + ": no model in this folder; expected files that end in "
                    + EXTENSIONS.stream().sorted().toList() + ", unpacked models with a config.json, or name/version/");
        }
    }

    private void addVersions(Path model, List<Path> versions) {
        for (Path folder : versions) {
            Path file = isUnpackedModel(folder) ? folder : onlyModelIn(folder);
            load(fileName(model), Long.parseLong(fileName(folder)), file);
        }
    }

    /** Subfolders whose name is a number and that hold a model. */
    private static List<Path> versionFolders(Path folder) {
        return entries(folder).stream()
                .filter(entry -> fileName(entry).matches("[0-9]{1,18}") && Files.isDirectory(entry))
                .filter(entry ->
                        isUnpackedModel(entry) || entries(entry).stream().anyMatch(ModelDirectories::isModel))
                .toList();
    }

    private static Path onlyModelIn(Path folder) {
        List<Path> found =
                entries(folder).stream().filter(ModelDirectories::isModel).toList();
        if (found.size() != 1) {
            throw new InvalidInputException(folder + ": expected one model in the folder of a version, found "
                    + found.stream().map(ModelDirectories::fileName).toList());
        }
        return found.get(0);
    }

    private void load(String name, long version, Path path) {
        try {
            models.add(ServedModel.of(name, version, Rekur.load(path), labelsBeside(path)));
            LOG.info("model '{}' version {} loaded", name, version);
        } catch (RekurException failure) {
            failures.add(failure);
        }
    }

    private static Labels labelsBeside(Path path) {
        Path names = beside(path, Labels.FILE);
        Path samples = beside(path, Labels.SAMPLES_FILE);
        Labels labels = names == null ? Labels.NONE : Labels.parse(fileName(names), content(names));
        return samples == null ? labels : labels.withSamples(fileName(samples), content(samples));
    }

    /** A file in the unpacked model, beside it under its own name, or beside it for all models that lie there. */
    private static @Nullable Path beside(Path path, String file) {
        List<Path> places = new ArrayList<>();
        if (Files.isDirectory(path)) {
            places.add(path.resolve(file));
        }
        places.add(path.resolveSibling(nameOf(path) + "." + file));
        places.add(path.resolveSibling(file));
        return places.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new ModelFormatException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static boolean isModel(Path path) {
        return isModelFile(path) || isUnpackedModel(path);
    }

    private static boolean isUnpackedModel(Path path) {
        return Files.isRegularFile(path.resolve("config.json"));
    }

    private static boolean isModelFile(Path path) {
        String name = fileName(path).toLowerCase(Locale.ROOT);
        return !name.startsWith(".")
                && !name.endsWith(".weights.h5")
                && EXTENSIONS.stream().anyMatch(name::endsWith)
                && Files.isRegularFile(path);
    }

    private static String nameOf(Path path) {
        String name = fileName(path);
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot).toLowerCase(Locale.ROOT))
                ? name.substring(0, dot)
                : name;
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /** What is in a folder, sorted by name. */
    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException unreadable) {
            throw new InvalidInputException(folder + ": cannot be listed: " + unreadable.getMessage(), unreadable);
        }
    }
}
