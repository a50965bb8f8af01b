package dev.rekur.format.keras;

import dev.rekur.error.InvalidInputException;
import dev.rekur.format.json.JsonWriter;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a configuration as {@code model.to_json()} gives it; the weights go into a {@code .weights.h5} beside it. */
public final class KerasJsonWriter implements ModelWriter {
    private static final Logger LOG = LoggerFactory.getLogger(KerasJsonWriter.class);
    private static final String LINK = "docs/TROUBLESHOOTING.md#keras-versions";

    @Override
    public String name() {
        return "Keras configuration (.json)";
    }

    @Override
    public String extension() {
        return ".json";
    }

    @Override
    public Content prepare(Model given, SaveOptions options) {
        Model model = TargetModel.configured(given);
        int major = options.kerasMajor();
        boolean scales = HardSigmoids.scales(model, major);
        if (scales && !options.chosen()) {
            throw ambiguous(TargetModel.configuration(model).kerasMajor(), major);
        }
        byte[] json = JsonWriter.write(root(model, major)).getBytes(StandardCharsets.UTF_8);
        return out -> {
            if (scales) {
                LOG.warn(
                        "hard_sigmoid is another function for Keras {}, so the configuration goes only with weights that were"
                                + " written for Keras {} too; {}",
                        major,
                        major,
                        LINK);
            }
            out.write(json);
        };
    }

    /** Without its weights, a configuration in the words of another Keras would be taken for one that fits those there are. */
    private static InvalidInputException ambiguous(int source, int major) {
        return new InvalidInputException(
                "the configuration alone",
                "hard_sigmoid is one function for Keras " + source + ", which wrote the model, and another for Keras "
                        + major + ", for which its weights must be scaled",
                "Choose with --keras-version " + source
                        + " (SaveOptions) a configuration for the weights as they are, or with " + major
                        + " one that goes only with a .weights.h5 written for Keras " + major + " too.",
                LINK);
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
