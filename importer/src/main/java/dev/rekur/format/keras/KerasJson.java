package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.ModelFormat;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.json.JsonReader;
import dev.rekur.layer.LayerRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration, {@code model.to_json()}, with its weights: {@code .weights.h5}, the index of sharded weights whose
 * shards lie beside it, or a legacy weights file.
 */
public final class KerasJson implements ModelFormat {
    @Override
    public String name() {
        return "Keras configuration (JSON) and weights";
    }

    @Override
    public boolean recognizes(ModelSource source) {
        for (byte b : SourceBytes.head(source, 64)) {
            if (b > ' ') {
                return b == '{';
            }
        }
        return false;
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public ModelReading read(ModelSource source, LayerRegistry registry) {
        return ModelAssembly.guard(source.name(), () -> readFiles(source, registry));
    }

    private ModelReading readFiles(ModelSource source, LayerRegistry registry) {
        Map<String, Object> root = object(SourceBytes.all(source), source.name());
        if (ShardIndex.recognizes(root)) {
            throw new ModelFormatException(
                    source.name(),
                    "is the index of sharded weights",
                    "Load it with the model's configuration (model.to_json()): Rekur.load(configuration, weights).",
                    "docs/TROUBLESHOOTING.md#weights-without-model");
        }
        Path weights = source.weights()
                .orElseThrow(() -> new ModelFormatException(
                        source.name(),
                        "is a configuration without weights",
                        "Load it with its weights: Rekur.load(configuration, weights).",
                        "docs/TROUBLESHOOTING.md#model-without-weights"));
        return new ModelAssembly(source.name(), name(), registry)
                .read(
                        root,
                        "$",
                        JsonTree.text(root.get("keras_version")),
                        JsonTree.object(root.get("compile_config")),
                        new Vocabularies(path -> Optional.empty(), (path, limit) -> Optional.empty()),
                        variables(weights));
    }

    private static ModelVariables variables(Path weights) {
        Path fileName = weights.getFileName();
        String name = fileName == null ? weights.toString() : fileName.toString();
        byte[] bytes = SourceBytes.all(weights, name);
        if (Hdf5File.recognizes(bytes, 0, bytes.length)) {
            Hdf5File file = Hdf5File.open(name, bytes, 0, bytes.length);
            return LegacyVariables.recognizes(file)
                    ? new LegacyVariables(name, file)
                    : new ArchiveVariables(new WeightStore(List.of(file)), false);
        }
        if (bytes.length == 0 || bytes[0] != '{') {
            throw new ModelFormatException(
                    name,
                    "expected weights, a .weights.h5 file or the .weights.json index of sharded weights, found neither",
                    "",
                    "docs/TROUBLESHOOTING.md#unknown-format");
        }
        List<Hdf5File> shards = new ArrayList<>();
        for (String shard : ShardIndex.fileNames(name, object(bytes, name))) {
            byte[] content = SourceBytes.all(weights.resolveSibling(shard), shard);
            shards.add(Hdf5File.open(shard, content, 0, content.length));
        }
        return new ArchiveVariables(new WeightStore(shards), false);
    }

    private static Map<String, Object> object(byte[] bytes, String name) {
        return JsonReader.readObject(
                bytes,
                0,
                bytes.length,
                what -> new ModelFormatException(
                        name, what, "Save the model again.", "docs/TROUBLESHOOTING.md#damaged-configuration"));
    }
}
