package dev.rekur.format.keras;

import dev.rekur.layer.KerasVersion;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.Map;

/** A model's configuration in Keras 2's words: what Keras 2 wrote, as it is, or what Keras 3 wrote, translated. */
final class Keras2Configuration {
    private Keras2Configuration() {}

    /**
     * The object {@code {class_name, config}}, with vocabularies in it.
     *
     * @throws dev.rekur.error.UnsupportedModelException if Keras 2 has no words for it
     */
    static Map<String, Object> of(Model model) {
        ModelConfiguration source = TargetModel.configuration(model);
        if (source.kerasMajor() != 2) {
            return new Keras2Translation(model).root();
        }
        KerasVersion version = source.version();
        if (!version.bidirectionalZeroesMaskedSteps() || !version.fusedLayersHeedZeroOutputForMask()) {
            Translations.requireSame(model, source.root(), 2, new HardSigmoids(model, 2), new ArrayList<>());
        }
        return Keras3Configuration.withLearned(source, source.root());
    }
}
