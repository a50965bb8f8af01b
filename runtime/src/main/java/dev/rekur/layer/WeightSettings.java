package dev.rekur.layer;

import org.jspecify.annotations.Nullable;

/**
 * What a layer's configuration says of a weight that changes nothing about what the layer computes: how it begins, what it costs,
 * what it must keep to. Each is an object as Keras serializes it, a name or {@code {class_name, config}}, or null for none.
 *
 * @param key what goes before {@code _initializer}, {@code _regularizer} and {@code _constraint}
 * @param initializer how it begins
 * @param regularizer what it costs in training
 * @param constraint what it must keep to in training
 */
public record WeightSettings(
        String key,
        @Nullable Object initializer,
        @Nullable Object regularizer,
        @Nullable Object constraint) {
    /** The key of the initializer. */
    public String initializerKey() {
        return key + "_initializer";
    }

    /** The key of the regularizer. */
    public String regularizerKey() {
        return key + "_regularizer";
    }

    /** The key of the constraint. */
    public String constraintKey() {
        return key + "_constraint";
    }
}
