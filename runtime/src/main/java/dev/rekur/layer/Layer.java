package dev.rekur.layer;

import dev.rekur.kernel.Activation;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * A layer: a record of its configuration that knows its weights, its shapes, what it does with masks, and how it
 * computes. It holds no weights and no state, so one instance serves any number of models and threads.
 *
 * <p>All shapes include the batch as their first dimension, which is always {@link Shape#UNKNOWN} here.
 */
public interface Layer {
    /** Keras's name of the class, for example {@code LayerNormalization}. */
    String className();

    /**
     * Writes what the layer computes into Keras's configuration: the keys that its {@code fromConfig} reads, in the words of the
     * newest Keras. Its name, flag and the settings of its weights are written beside them.
     *
     * @throws UnsupportedOperationException if the layer cannot be written
     */
    default void toConfig(LayerConfigWriter config) {
        throw new UnsupportedOperationException("it has no configuration");
    }

    /** How Keras's layer takes several tensors. */
    default CallStyle callStyle() {
        return CallStyle.TENSORS;
    }

    /** Whether Keras's configuration of the layer has the flag {@code trainable}. */
    default boolean hasTrainableFlag() {
        return true;
    }

    /**
     * The weights in Keras's order.
     *
     * @param inputs shapes of the inputs, features known
     * @throws ShapeMismatchException if the layer cannot be built on such inputs
     */
    default List<WeightSpec> weights(List<Shape> inputs) {
        return List.of();
    }

    /** The same layer without the names and settings of layers that it wraps: equal to all that compute the same. */
    default Layer unnamed() {
        return this;
    }

    /** Keras's default initializer of a weight, by the weight's name. */
    default String defaultInitializer(WeightSpec weight) {
        return switch (weight.name()) {
            case "bias", "beta", "moving_mean" -> "zeros";
            case "gamma", "moving_variance" -> "ones";
            case "recurrent_kernel" -> "orthogonal";
            case "embeddings" -> "uniform";
            default -> "glorot_uniform";
        };
    }

    /** Changes the fresh values of a weight where Keras's layer does so after its initializer. */
    default void adjustFreshValues(WeightSpec weight, float[] values) {}

    /**
     * Shapes of the outputs, unknown dimensions carried through.
     *
     * @throws ShapeMismatchException if the layer cannot be built on such inputs
     */
    List<Shape> outputShapes(List<Shape> inputs);

    /**
     * Shapes of the outputs as Keras infers them when a model is put together, which its summary shows; for a few layers they are
     * not those that it computes.
     *
     * @throws ShapeMismatchException if the layer cannot be built on such inputs
     */
    default List<Shape> inferredShapes(List<Shape> inputs) {
        return outputShapes(inputs);
    }

    /** What kind of value an output is. */
    default ValueKind outputKind(int output, List<ValueKind> inputs) {
        return ValueKind.FLOAT;
    }

    /** Whether the layer reads an input of this kind. Plans convert INT and FLAG values to FLOAT where it does not. */
    default boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.FLOAT;
    }

    /** Where the layer takes an input for token ids, how many tokens there are: ids lie below. Else 0. */
    default int vocabularySize(int input) {
        return 0;
    }

    /** Whether the mask that its first input carries holds for a call on so many inputs; an explicit one always does. */
    default boolean usesCarriedMask(int inputs) {
        return true;
    }

    /**
     * Which mask an output carries; Keras's {@code compute_mask}. Most layers end the mask.
     *
     * @param masks those that the call gives, or else that the inputs carry
     */
    default OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.NONE;
    }

    /** Whether a gradient passes to an input: not where the layer takes it for ids, or a condition. */
    default boolean passesGradient(int input) {
        return vocabularySize(input) == 0;
    }

    /** The activation that the output ends in, where {@link #withLinearOutput} can take it off; else linear. */
    default Activation outputActivation() {
        return Activation.LINEAR;
    }

    /** The activation that the output ends in, wherever it is applied; of a wrapper that of the layer inside. */
    default Activation lastActivation() {
        return outputActivation();
    }

    /** True if the layer is nothing but its {@link #outputActivation}. */
    default boolean isActivation() {
        return false;
    }

    /** The same layer without its {@link #outputActivation}: its output is what that would be applied to. */
    default Layer withLinearOutput() {
        return this;
    }

    /** True if the layer's state outlives a call, within a session. */
    default boolean isStateful() {
        return false;
    }

    /** Whether rows of a batch matter to each other. */
    default Rows rows() {
        return Rows.INDEPENDENT;
    }

    /** How the rows of a batch belong together. */
    enum Rows {
        /** No row knows of another, so that a batch may be cut at will. */
        INDEPENDENT,
        /** They matter to each other in training: by statistics over the batch, or by a draw that they share. */
        JOINED_IN_TRAINING,
        /** They matter to each other always, as where a layer sums over the batch: a plan runs the batch as a whole. */
        JOINED
    }

    /** True if the layer only passes its input on when it does not train, so that plans for inference leave it out. */
    default boolean isIdentityInInference() {
        return false;
    }

    /** True if Keras's layer returns its input itself, and no copy of it: the same tensor, which still knows what it was made of. */
    default boolean returnsInput(boolean training) {
        return false;
    }

    /** True if output 0 may be the buffer of input 0, which nobody needs any more. */
    default boolean worksInPlace() {
        return false;
    }

    /**
     * Binds the forward computation to the buffers of a plan. Called once per plan; the operation returned runs once per
     * call, and allocates nothing.
     */
    Operation forward(Binding binding);

    /**
     * Binds forward and adjoint for training. Where a gradient is asked for, a layer without an adjoint is refused.
     *
     * @throws UnsupportedOperationException saying what the layer lacks, if it cannot be trained
     */
    default LayerTraining training(TrainingBinding binding) {
        for (int input = 0; input < binding.inputs(); input++) {
            if (binding.inputGradient(input) != null) {
                throw new UnsupportedOperationException("it has no adjoint");
            }
        }
        return LayerTraining.withoutGradient(forward(binding));
    }
}
