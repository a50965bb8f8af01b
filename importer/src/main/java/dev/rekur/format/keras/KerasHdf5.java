package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.ModelFormat;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.hdf5.Hdf5Group;
import dev.rekur.format.json.JsonReader;
import dev.rekur.layer.LayerRegistry;
import java.util.Map;
import java.util.Optional;

/** The {@code .h5} file of Keras 1 to 3: configuration in attributes, weights in groups by layer name. */
public final class KerasHdf5 implements ModelFormat {
    private static final int SIGNATURE = 8;

    @Override
    public String name() {
        return "Keras HDF5 (.h5)";
    }

    @Override
    public boolean recognizes(ModelSource source) {
        long at = 0;
        byte[] head = SourceBytes.piece(source, at, SIGNATURE);
        while (head.length == SIGNATURE && !Hdf5File.recognizes(head, 0, SIGNATURE)) {
            at = Hdf5File.placeBehind(at);
            head = SourceBytes.piece(source, at, SIGNATURE);
        }
        return head.length == SIGNATURE;
    }

    @Override
    public ModelReading read(ModelSource source, LayerRegistry registry) {
        return ModelAssembly.guard(source.name(), () -> readFile(source, registry));
    }

    private ModelReading readFile(ModelSource source, LayerRegistry registry) {
        byte[] bytes = SourceBytes.all(source);
        Hdf5File file = Hdf5File.open(source.name(), bytes, 0, bytes.length);
        Hdf5Group root = file.root();
        Map<String, Object> config = object(source.name(), root, "model_config")
                .orElseThrow(() -> new ModelFormatException(
                        source.name(),
                        "expected the attribute 'model_config', found none",
                        "A file of weights alone needs the model's configuration too: write it with model.to_json() and load"
                                + " both, Rekur.load(configuration, weights).",
                        "docs/TROUBLESHOOTING.md#weights-without-model"));
        return new ModelAssembly(source.name(), name(), registry)
                .read(
                        config,
                        "model_config",
                        root.text("keras_version"),
                        object(source.name(), root, "training_config"),
                        new Vocabularies(path -> Optional.empty(), (path, limit) -> Optional.empty()),
                        new LegacyVariables(source.name(), file));
    }

    private static Optional<Map<String, Object>> object(String source, Hdf5Group root, String attribute) {
        return root.text(attribute)
                .filter(text -> !text.equals("null"))
                .map(text -> JsonReader.readObject(
                        text,
                        what -> new ModelFormatException(
                                source + ", attribute '" + attribute + "'",
                                what,
                                "Save the model again.",
                                "docs/TROUBLESHOOTING.md#damaged-configuration")));
    }
}
