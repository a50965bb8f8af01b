package dev.rekur.model;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the model was compiled in Keras, kept for training and for writing it back.
 *
 * @param config Keras's {@code compile_config} (or {@code training_config} of a legacy file) as the file holds it
 * @param stored the optimizer's variables, which are not read before they are asked for
 * @param optimizerMajor 2 or 3: the Keras in whose words the optimizer is, and in whose order its variables are
 */
public record CompileConfiguration(Map<String, Object> config, OptimizerVariables stored, int optimizerMajor) {
    /** With variables that are in memory. */
    public CompileConfiguration(Map<String, Object> config, List<OptimizerVariable> variables, int optimizerMajor) {
        this(config, OptimizerVariables.of(variables), optimizerMajor);
    }

    /** The optimizer's variables in the file's order; none, after a warning, if the file has some that cannot be read. */
    public List<OptimizerVariable> optimizerVariables() {
        return stored.list();
    }

    /**
     * A variable of the optimizer.
     *
     * @param name its name in the file
     * @param value its value; of a whole number the float nearest to it
     * @param whole the number itself if it is a single whole one, as the iteration is: a float has no more than 24 bits for it
     * @param weight path of the weight that it is kept for, if the file names it: {@code lstm/cell/kernel}
     */
    public record OptimizerVariable(
            String name,
            FloatTensor value,
            @Nullable Long whole,
            @Nullable String weight) {
        /** Of float32. */
        public OptimizerVariable(String name, FloatTensor value) {
            this(name, value, null, null);
        }

        /** A single whole number. */
        public static OptimizerVariable whole(String name, long number) {
            return new OptimizerVariable(name, FloatTensor.wrap(Shape.of(), new float[] {number}), number, null);
        }
    }
}
