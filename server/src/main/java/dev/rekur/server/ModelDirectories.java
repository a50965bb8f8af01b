package dev.rekur.server;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.RekurException;
import dev.rekur.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds models in the paths a user names, and loads them. What is broken is reported at once, not one by one. */
final class ModelDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDirectories.class);
    private static final long UNVERSIONED = 1;

    private record Failure(String model, RekurException exception) {}

    private final ModelRepository.Builder models;
    private final ModelEntries entries = new ModelEntries(LOG::warn);
    private final List<Failure> failures = new ArrayList<>();

    ModelDirectories(ModelRepository.Builder models) {
        this.models = models;
    }

    void addAll(List<Path> paths) {
        for (Path path : paths) {
            add(path.toAbsolutePath().normalize());
        }
        throwFailures();
    }

    /** Adds a configuration with the weights that belong to it. */
    void add(Path configuration, Path weights) {
        load(UNVERSIONED, ModelEntry.of(configuration, weights));
        throwFailures();
    }

    private void throwFailures() {
        if (failures.size() == 1) {
            throw failures.get(0).exception();
        }
        if (!failures.isEmpty()) {
            RekurException all = Problem.exception(
                    failures.size() + " models cannot be served",
                    failures.stream().map(ModelDirectories::problem).toList());
            failures.forEach(failure -> all.addSuppressed(failure.exception()));
            throw all;
        }
    }

    /** What is said of one of several models. */
    private static Problem problem(Failure failure) {
        List<Problem> problems = failure.exception().problems();
        return new Problem(
                "model '" + failure.model() + "'",
                failure.exception().message(link -> ""),
                "",
                problems.get(problems.size() - 1).link(),
                failure.exception() instanceof ModelFormatException);
    }

    private void add(Path path) {
        if (!Files.exists(path)) {
            throw new InvalidInputException(
                    path.toString(),
                    Files.isSymbolicLink(path) ? "is a link that leads nowhere" : "no such file or folder",
                    "Name a model file or a folder of models.",
                    "docs/TROUBLESHOOTING.md#no-such-file");
        }
        if (Files.isRegularFile(path) || ModelEntry.isUnpacked(path)) {
            load(UNVERSIONED, ModelEntry.of(path));
            return;
        }
        entries.require(path);
        List<Path> versions = versionFolders(path);
        if (!versions.isEmpty()) {
            addVersions(path, versions);
            return;
        }
        List<ModelEntry> found = entries.models(path);
        found.forEach(entry -> load(UNVERSIONED, entry));
        int count = found.size();
        for (Path folder : entries.folders(path)) {
            if (!ModelEntry.isUnpacked(folder)) {
                List<Path> inside = versionFolders(folder);
                addVersions(folder, inside);
                count += inside.size();
            }
        }
        if (count == 0) {
            throw new InvalidInputException(path + ": no model in this folder; expected files that end in "
                    + ModelEntry.EXTENSIONS + ", configurations NAME.json with NAME.weights.h5 beside them, unpacked"
                    + " models with a config.json, or name/version/");
        }
    }

    private void addVersions(Path model, List<Path> versions) {
        for (Path folder : versions) {
            ModelEntry entry = ModelEntry.isUnpacked(folder) ? ModelEntry.of(folder) : onlyModelIn(folder);
            load(Long.parseLong(ModelEntry.fileName(folder)), entry.called(ModelEntry.fileName(model)));
        }
    }

    /** Subfolders whose name is a number and that hold a model. */
    private List<Path> versionFolders(Path folder) {
        return entries.folders(folder).stream()
                .filter(entry -> ModelEntry.fileName(entry).matches("[0-9]{1,18}"))
                .filter(entry ->
                        ModelEntry.isUnpacked(entry) || !entries.models(entry).isEmpty())
                .toList();
    }

    private ModelEntry onlyModelIn(Path folder) {
        List<ModelEntry> found = entries.models(folder);
        if (found.size() != 1) {
            throw new InvalidInputException(folder + ": expected one model in the folder of a version, found "
                    + found.stream()
                            .map(entry -> ModelEntry.fileName(entry.path()))
                            .toList());
        }
        return found.get(0);
    }

    private void load(long version, ModelEntry entry) {
        Path path = entry.path();
        try {
            Model model = entry.weights().isPresent()
                    ? Rekur.load(path, entry.weights().get())
                    : Rekur.load(path);
            models.add(ServedModel.of(
                    entry.name(),
                    version,
                    model.withoutCompileConfiguration(),
                    labelsBeside(path).named(model.graph().outputPorts())));
            LOG.info("model '{}' version {} loaded", entry.name(), version);
        } catch (RekurException failure) {
            failures.add(new Failure(entry.name(), failure));
        }
    }

    /** What people read of a model. It changes no answer, so a model whose file of labels is broken is served without. */
    private static Labels labelsBeside(Path path) {
        Labels labels =
                read(Labels.file(path), Labels.NONE, names -> Labels.parse(ModelEntry.fileName(names), content(names)));
        return read(
                Labels.beside(path, Labels.SAMPLES_FILE),
                labels,
                samples -> labels.withSamples(ModelEntry.fileName(samples), content(samples)));
    }

    private static Labels read(Optional<Path> file, Labels instead, Function<Path, Labels> reader) {
        try {
            return file.map(reader).orElse(instead);
        } catch (RekurException broken) {
            LOG.warn("left out: {}", broken.getMessage());
            return instead;
        }
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new ModelFormatException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
