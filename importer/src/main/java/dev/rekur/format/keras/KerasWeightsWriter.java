package dev.rekur.format.keras;

import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code .weights.h5} as {@code model.save_weights()} of Keras 3 does; Keras 2.13 and later read it too. The configuration
 * they are for is that of the Keras that wrote the model, unless the caller chose a version.
 */
public final class KerasWeightsWriter implements ModelWriter {
    private static final Logger LOG = LoggerFactory.getLogger(KerasWeightsWriter.class);

    @Override
    public String name() {
        return "Keras weights (.weights.h5)";
    }

    @Override
    public String extension() {
        return ".weights.h5";
    }

    @Override
    public Content prepare(Model given, SaveOptions options) {
        Model whole = TargetModel.configured(given);
        int source = TargetModel.configuration(whole).kerasMajor();
        int major = options.chosen() ? options.kerasMajor() : source;
        boolean scales = HardSigmoids.scales(whole, major);
        if (scales) {
            requireTranslatable(whole, major);
        }
        Model model = HardSigmoids.scaled(whole, major);
        // groups are named by classes, which have one name in all versions
        TargetModel target =
                new TargetModel(model, TargetModel.configuration(model).root());
        NewGroup variables = ArchiveVariablesWriter.weights(target);
        Keras3Training.of(model).ifPresent(compile -> ArchiveVariablesWriter.optimizer(variables, compile));
        Hdf5Writer writer = new Hdf5Writer(variables);
        return out -> {
            if (scales) {
                LOG.warn(
                        "weights are scaled, since hard_sigmoid is another function for Keras {}: they go only with a"
                                + " configuration written for Keras {}, not with that of Keras {} that the model was read from;"
                                + " {}",
                        major,
                        major,
                        source,
                        "docs/TROUBLESHOOTING.md#keras-versions");
            }
            writer.write(out);
        };
    }

    /** Changed weights are written only if there is a configuration with which they compute what the model does. */
    private static void requireTranslatable(Model model, int major) {
        if (major == 2) {
            Keras2Configuration.of(model);
        } else {
            Keras3Configuration.of(model, true);
        }
    }
}
