package dev.rekur.training.diagnosis;

/**
 * A loss or metric that was told that predictions are logits, of an output that ends in a softmax or sigmoid.
 *
 * @param reader what was told so: {@code "loss 'binary_crossentropy'"}
 * @param layer the layer that the output comes from
 * @param activation the activation that the layer ends in, by Keras's name
 * @param ofLogits whether it is computed of what goes into the activation, as Keras on TensorFlow does where it can
 */
public record FromLogits(String output, String reader, String layer, String activation, boolean ofLogits) {}
