package dev.rekur.format.keras;

import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;

/** Writes {@code .weights.h5} as {@code model.save_weights()} of Keras 3 does; Keras 2.13 and later read it too. */
public final class KerasWeightsWriter implements ModelWriter {
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
        Model model = HardSigmoids.scaled(given, options.kerasMajor());
        // groups are named by classes, which have one name in all versions
        TargetModel target =
                new TargetModel(model, TargetModel.configuration(model).root());
        NewGroup variables = ArchiveVariablesWriter.weights(target);
        Keras3Training.of(model).ifPresent(compile -> ArchiveVariablesWriter.optimizer(variables, compile));
        Hdf5Writer writer = new Hdf5Writer(variables);
        return writer::write;
    }
}
