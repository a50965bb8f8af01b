package dev.rekur.model;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Knows what optimizers keep, and says it in the words of another Keras; found through {@link ServiceLoader}. The artifact {@code
 * rekur-training} has one.
 */
public interface OptimizerTranslation {
    /** The one that is on the class path or module path. */
    static Optional<OptimizerTranslation> installed() {
        return ServiceLoader.load(OptimizerTranslation.class, OptimizerTranslation.class.getClassLoader())
                .findFirst();
    }

    /**
     * Reads an optimizer as a file holds it.
     *
     * @param serialized an object {@code {class_name, config, module, registered_name}} or a name
     * @param place JSON path of the object, for messages
     * @param version the Keras that wrote the file
     * @param problems collects what is found wrong; then the result is empty or a stand-in
     */
    Optional<StoredOptimizer> read(
            @Nullable Object serialized, String place, KerasVersion version, List<Problem> problems);

    /** An optimizer of a file. */
    interface StoredOptimizer {
        /** Keras's name: {@code RMSprop}. */
        String className();

        /** What Keras 3 writes of it into a file: {@code {module, class_name, config, registered_name}}. */
        Map<String, Object> forKeras3();

        /**
         * What one Keras keeps of a training, as another keeps it.
         *
         * @param model the model that was trained
         * @param stored what is kept, in the order of the file
         * @param from the major version of the Keras that keeps it so: 2 or 3
         * @param to the major version of the Keras that is to go on
         * @throws dev.rekur.error.InvalidInputException if it is not what this optimizer keeps for this model
         */
        List<OptimizerVariable> variables(Model model, List<OptimizerVariable> stored, int from, int to);
    }
}
