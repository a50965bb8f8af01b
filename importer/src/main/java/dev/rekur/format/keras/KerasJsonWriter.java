package dev.rekur.format.keras;

import dev.rekur.format.json.JsonWriter;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a configuration as {@code model.to_json()} gives it; the weights go into a {@code .weights.h5} beside it. */
public final class KerasJsonWriter implements ModelWriter {
    @Override
    public String name() {
        return "Keras configuration (.json)";
    }

    @Override
    public String extension() {
        return ".json";
    }

    @Override
    public Content prepare(Model model, SaveOptions options) {
        byte[] json = JsonWriter.write(root(model, options.kerasMajor())).getBytes(StandardCharsets.UTF_8);
        return out -> out.write(json);
    }

    private static Map<String, Object> root(Model model, int major) {
        if (major == 2) {
            Map<String, Object> root = new LinkedHashMap<>(Keras2Configuration.of(model));
            root.put("keras_version", TargetModel.KERAS_2);
            root.put("backend", "tensorflow");
            return root;
        }
        Map<String, Object> root = new LinkedHashMap<>(Keras3Configuration.of(model, true));
        Keras3Training.of(model)
                .map(CompileConfiguration::config)
                .ifPresent(config -> root.put("compile_config", config));
        return root;
    }
}
