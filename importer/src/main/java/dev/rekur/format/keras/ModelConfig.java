package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import java.util.List;
import java.util.Map;

/**
 * A model's configuration, taken apart as far as its kind does not matter.
 *
 * @param source the file's name
 * @param place JSON path of the configuration
 * @param name the model's name
 * @param className Sequential or Functional
 * @param version the Keras that wrote it
 * @param root the object {@code {class_name, config, build_config, ...}}
 * @param config its configuration
 * @param entries the layers
 * @param problems collects what is found wrong
 */
record ModelConfig(
        String source,
        String place,
        String name,
        String className,
        KerasVersion version,
        Map<String, Object> root,
        Map<String, Object> config,
        List<LayerEntry> entries,
        List<Problem> problems) {
    /** 2 or 3. */
    int kerasMajor() {
        return version.major();
    }

    /** A model among the layers, which was read before without problems. */
    ModelConfig inside(LayerEntry entry) {
        return ModelConfigReader.read(source, entry.place(), entry.object(), version, problems);
    }

    /** The same, with a list of its own for what is found wrong. */
    ModelConfig withProblems(List<Problem> other) {
        return new ModelConfig(source, place, name, className, version, root, config, entries, other);
    }

    /** A Functional model whose calls refer to what there is not. */
    ModelFormatException damagedGraph(String what) {
        return new ModelFormatException(
                source + ": model '" + name + "' at " + place,
                "its graph does not hold together: " + what,
                "Save the model again.",
                "docs/TROUBLESHOOTING.md#damaged-configuration");
    }
}
