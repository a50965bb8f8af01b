package dev.rekur.model;

import dev.rekur.tensor.FloatTensor;
import java.util.List;
import java.util.Map;

/**
 * How the model was compiled in Keras, kept for training and for writing it back.
 *
 * @param config Keras's {@code compile_config} (or {@code training_config} of a legacy file) as the file holds it
 * @param optimizerVariables the optimizer's variables in the file's order; integers such as the iteration as floats
 */
public record CompileConfiguration(Map<String, Object> config, List<OptimizerVariable> optimizerVariables) {
    public CompileConfiguration {
        optimizerVariables = List.copyOf(optimizerVariables);
    }

    /**
     * A variable of the optimizer.
     *
     * @param name its name in the file
     * @param value its value
     */
    public record OptimizerVariable(String name, FloatTensor value) {}
}
