package dev.rekur.format.keras;

import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.format.json.JsonWriter;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the {@code .h5} file that {@code legacy_h5_format.py} of Keras 3 reads, or {@code hdf5_format.py} of Keras 2. A
 * model that Keras 3 compiled is written for Keras 2 without that, for their optimizers are not the same.
 */
public final class KerasHdf5Writer implements ModelWriter {
    @Override
    public String name() {
        return "Keras HDF5 (.h5)";
    }

    @Override
    public String extension() {
        return ".h5";
    }

    @Override
    public Content prepare(Model given, SaveOptions options) {
        Model model = HardSigmoids.scaled(TargetModel.configured(given), options.kerasMajor());
        int major = options.kerasMajor();
        TargetModel target = new TargetModel(model, modelConfig(model, major));
        NewGroup root = new NewGroup();
        root.text("backend", "tensorflow");
        root.text("keras_version", major == 2 ? TargetModel.KERAS_2 : TargetModel.KERAS_3);
        root.byteText("model_config", JsonWriter.write(target.root()));
        LegacyVariablesWriter variables = new LegacyVariablesWriter(target, major);
        training(model, major).ifPresent(training -> {
            root.byteText("training_config", JsonWriter.write(training.config()));
            variables.optimizer(root, optimizerName(training.config()), training.optimizerVariables());
        });
        variables.weights(root);
        NewGroup weights = root.group("model_weights");
        weights.byteText("backend", "tensorflow");
        weights.byteText("keras_version", major == 2 ? TargetModel.KERAS_2 : TargetModel.KERAS_3);
        Hdf5Writer writer = new Hdf5Writer(root);
        return writer::write;
    }

    /** What stands in {@code model_config}: the class and its configuration, and nothing of how it was built. */
    private static Map<String, Object> modelConfig(Model model, int major) {
        Map<String, Object> whole = major == 2 ? Keras2Configuration.of(model) : Keras3Configuration.of(model, true);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("class_name", whole.getOrDefault("class_name", ""));
        root.put("config", major == 2 ? whole.getOrDefault("config", Map.of()) : merged(whole));
        return root;
    }

    /** The configuration with all weights in their merged form: this format has none for low-rank adaptations. */
    private static Map<String, Object> merged(Map<String, Object> root) {
        return Keras3Configuration.mapLayers(root, layer -> {
            Map<String, Object> config = JsonTree.object(layer.get("config")).orElse(Map.of());
            if (Keras3Configuration.isModel(layer)) {
                Map<String, @Nullable Object> model = new LinkedHashMap<>(layer);
                model.put("config", merged(layer));
                return KerasObjects.asObject(model);
            }
            if (config.get("lora_rank") == null) {
                return layer;
            }
            Map<String, @Nullable Object> plain = new LinkedHashMap<>(config);
            plain.remove("lora_rank");
            plain.remove("lora_alpha");
            Map<String, @Nullable Object> changed = new LinkedHashMap<>(layer);
            changed.put("config", plain);
            return KerasObjects.asObject(changed);
        });
    }

    private static Optional<CompileConfiguration> training(Model model, int major) {
        return major == 2
                ? Keras2Training.of(model).map(KerasHdf5Writer::legacy)
                : Keras3Training.of(model).map(KerasHdf5Writer::legacy).map(KerasHdf5Writer::withWholeNames);
    }

    private static CompileConfiguration withWholeNames(CompileConfiguration compile) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>(compile.config());
        config.computeIfPresent("loss", (key, loss) -> Objectives.withWholeNames(loss));
        return new CompileConfiguration(KerasObjects.asObject(config), compile.stored(), compile.optimizerMajor());
    }

    /** The optimizer stands apart in legacy files. */
    private static CompileConfiguration legacy(CompileConfiguration compile) {
        if (compile.config().containsKey("optimizer_config")) {
            return compile;
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>(compile.config());
        Object optimizer = config.remove("optimizer");
        if (KerasObjects.isObject(optimizer)) {
            Map<String, Object> object = JsonTree.object(optimizer).orElseThrow();
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            plain.put("class_name", object.get("class_name"));
            plain.put("config", object.get("config"));
            optimizer = plain;
        }
        config.put("optimizer_config", optimizer);
        return new CompileConfiguration(KerasObjects.asObject(config), compile.stored(), compile.optimizerMajor());
    }

    private static String optimizerName(Map<String, Object> training) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("optimizer", training.get("optimizer_config"));
        return TargetModel.optimizerName(KerasObjects.asObject(config));
    }
}
