package dev.rekur.model;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.file.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Saves models: finds the format by the file's name, and replaces the file as a whole. */
public final class ModelFiles {
    private ModelFiles() {}

    /** Writes a model; {@link Model#save(Path, SaveOptions)} says what to expect. */
    public static void save(Model model, Path path, SaveOptions options) {
        ModelWriter.Content content = writer(path).prepare(model, options);
        AtomicFile.replace(path, content::writeTo);
    }

    /** Finds out, without writing, what would keep a model from being saved; throws what saving it would. */
    public static void requireSavable(Model model, Path path, SaveOptions options) {
        writer(path)
                .prepare(
                        model.withoutCompileConfiguration(),
                        options); // how it is compiled never keeps a model from being written
        AtomicFile.requireWritable(path);
    }

    /** What makes graphs of changed configurations. */
    public static GraphReader graphReader() {
        return ServiceLoader.load(GraphReader.class, ModelFiles.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new ModelFormatException("no file format is installed; add the artifact"
                        + " dev.rekur:rekur-importer to the class path"));
    }

    private static ModelWriter writer(Path path) {
        Path fileName = path.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        List<String> known = new ArrayList<>();
        Optional<ModelWriter> longest = Optional.empty();
        for (ModelWriter writer : ServiceLoader.load(ModelWriter.class, ModelFiles.class.getClassLoader())) {
            known.add(writer.extension());
            boolean longer = longest.isEmpty()
                    || writer.extension().length() > longest.get().extension().length();
            if (name.endsWith(writer.extension()) && longer) {
                longest = Optional.of(writer);
            }
        }
        if (known.isEmpty()) {
            throw new ModelFormatException(name
                    + ": no file format is installed; add the artifact dev.rekur:rekur-importer to the class path");
        }
        known.sort(null);
        return longest.orElseThrow(() -> new InvalidInputException(
                name + ": expected a name that ends in " + String.join(", ", known)
                        + ", which says how to write the model.",
                "docs/TROUBLESHOOTING.md#output-format"));
    }
}
