package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelFormat;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.json.JsonReader;
import dev.rekur.format.zip.ZipReader;
import dev.rekur.format.zip.ZipReader.Content;
import dev.rekur.layer.LayerRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The {@code .keras} archive of Keras 2.12 and later: a zip, or a directory of the same files, with {@code config.json},
 * {@code metadata.json}, {@code model.weights.h5} and {@code assets/}. Files are read by these names only.
 */
public final class KerasArchive implements ModelFormat {
    private static final String CONFIG = "config.json";
    private static final String METADATA = "metadata.json";
    private static final String WEIGHTS = "model.weights.h5";
    private static final String SHARDS = "model.weights.json";

    @Override
    public String name() {
        return "Keras archive (.keras)";
    }

    @Override
    public boolean recognizes(ModelSource source) {
        if (source.path().isPresent() && Files.isDirectory(source.path().get())) {
            return Files.isRegularFile(source.path().get().resolve(CONFIG));
        }
        byte[] head = SourceBytes.head(source, 4);
        return ZipReader.recognizes(head, head.length);
    }

    @Override
    public ModelReading read(ModelSource source, LayerRegistry registry) {
        return ModelAssembly.guard(source.name(), () -> readFiles(source, registry));
    }

    private ModelReading readFiles(ModelSource source, LayerRegistry registry) {
        Function<String, Optional<Content>> files = files(source);
        Content config = files.apply(CONFIG).orElseThrow(() -> missing(source.name(), CONFIG));
        Map<String, Object> root = object(source.name(), CONFIG, config);
        Optional<String> version = files.apply(METADATA)
                .map(metadata -> object(source.name(), METADATA, metadata))
                .flatMap(metadata -> JsonTree.text(metadata.get("keras_version")));
        WeightStore store = store(source.name(), files);
        Vocabularies vocabularies = new Vocabularies(
                path -> files.apply("assets/" + path).map(KerasArchive::text),
                (path, limit) -> store.dataset(path).map(dataset -> Floats.list(source.name(), dataset, limit)));
        return new ModelAssembly(source.name(), name(), registry)
                .read(
                        root,
                        "$",
                        version,
                        JsonTree.object(root.get("compile_config")),
                        vocabularies,
                        new ArchiveVariables(store, true));
    }

    private static WeightStore store(String source, Function<String, Optional<Content>> files) {
        Optional<Content> whole = files.apply(WEIGHTS);
        if (whole.isPresent()) {
            return new WeightStore(List.of(open(source + ", " + WEIGHTS, whole.get())));
        }
        Content index = files.apply(SHARDS).orElseThrow(() -> missing(source, WEIGHTS));
        List<Hdf5File> shards = new ArrayList<>();
        for (String shard : ShardIndex.fileNames(source, object(source, SHARDS, index))) {
            shards.add(open(source + ", " + shard, files.apply(shard).orElseThrow(() -> missing(source, shard))));
        }
        return new WeightStore(shards);
    }

    private static Function<String, Optional<Content>> files(ModelSource source) {
        if (source.path().isPresent() && Files.isDirectory(source.path().get())) {
            Path directory = source.path().get();
            return name -> {
                Path file = directory.resolve(name); // names are ours, or plain names from a shard index
                return Files.isRegularFile(file)
                        ? Optional.of(whole(SourceBytes.all(file, source.name() + "/" + name)))
                        : Optional.empty();
            };
        }
        ZipReader archive = ZipReader.open(
                SourceBytes.all(source),
                what -> new ModelFormatException(
                        source.name(),
                        what,
                        "Copy the file again or save the model again.",
                        "docs/TROUBLESHOOTING.md#damaged-file"),
                what -> new UnsupportedModelException(
                        source.name(),
                        List.of(new Problem(
                                "zip archive",
                                what,
                                "Keras stores the entries of its archives as they are; pack the files again with"
                                        + " 'zip -0'.",
                                "docs/TROUBLESHOOTING.md#archive-compression"))));
        return name -> archive.has(name) ? Optional.of(archive.read(name)) : Optional.empty();
    }

    private static Content whole(byte[] bytes) {
        return new Content(bytes, 0, bytes.length);
    }

    private static Hdf5File open(String name, Content content) {
        return Hdf5File.open(name, content.array(), content.offset(), content.length());
    }

    private static String text(Content content) {
        return new String(content.array(), content.offset(), content.length(), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> object(String source, String name, Content content) {
        return JsonReader.readObject(
                content.array(),
                content.offset(),
                content.length(),
                what -> new ModelFormatException(
                        source + ", " + name,
                        what,
                        "Save the model again.",
                        "docs/TROUBLESHOOTING.md#damaged-configuration"));
    }

    private static ModelFormatException missing(String source, String name) {
        return new ModelFormatException(
                source,
                "expected '" + name + "' in the archive, found none",
                "Is it a model that Keras saved?",
                "docs/TROUBLESHOOTING.md#incomplete-archive");
    }
}
