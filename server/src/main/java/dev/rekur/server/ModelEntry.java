package dev.rekur.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model on the disk.
 *
 * @param name its name where it is served
 * @param path its file, or the folder it was unpacked into
 * @param weights the weights of a configuration; empty if the file holds its own
 */
record ModelEntry(String name, Path path, Optional<Path> weights) {
    /** Files with these hold a whole model. */
    static final List<String> EXTENSIONS = List.of(".h5", ".hdf5", ".keras");

    private static final String CONFIGURATION = ".json";
    /** Of one file, and of an index of several. */
    private static final List<String> WEIGHTS = List.of(".weights.h5", ".weights.json");

    /** A file or folder that somebody names, with the weights beside it if it is a configuration that has some. */
    static ModelEntry of(Path path) {
        return new ModelEntry(nameOf(path), path, isConfiguration(path) ? weightsBeside(path) : Optional.empty());
    }

    static ModelEntry of(Path configuration, Path weights) {
        return new ModelEntry(nameOf(configuration), configuration, Optional.of(weights));
    }

    /** The same model by another name. */
    ModelEntry called(String other) {
        return new ModelEntry(other, path, weights);
    }

    static boolean isUnpacked(Path path) {
        return Files.isRegularFile(path.resolve("config.json"));
    }

    /** Whether the name is that of a file with a whole model in it. */
    static boolean hasModelName(Path path) {
        String name = lowerCase(path);
        return !isWeightsName(path) && EXTENSIONS.stream().anyMatch(name::endsWith);
    }

    /** Whether the name is that of weights alone. */
    static boolean isWeightsName(Path path) {
        return WEIGHTS.stream().anyMatch(lowerCase(path)::endsWith);
    }

    /** Whether it is a JSON file that is no index of weights; what is in it remains to be seen. */
    static boolean isConfiguration(Path path) {
        return lowerCase(path).endsWith(CONFIGURATION) && !isWeightsName(path) && Files.isRegularFile(path);
    }

    /** A configuration's weights that lie beside it. */
    static Optional<Path> weightsBeside(Path configuration) {
        String name = nameOf(configuration);
        return WEIGHTS.stream()
                .map(extension -> configuration.resolveSibling(name + extension))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The name without what says of which kind the file is. */
    static String nameOf(Path path) {
        String name = fileName(path);
        String lower = lowerCase(path);
        return Stream.of(WEIGHTS, EXTENSIONS, List.of(CONFIGURATION))
                .flatMap(List::stream)
                .filter(extension -> lower.endsWith(extension) && name.length() > extension.length())
                .findFirst()
                .map(extension -> name.substring(0, name.length() - extension.length()))
                .orElse(name);
    }

    static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    private static String lowerCase(Path path) {
        return fileName(path).toLowerCase(Locale.ROOT);
    }
}
