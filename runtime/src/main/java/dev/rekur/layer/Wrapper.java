package dev.rekur.layer;

import java.util.LinkedHashMap;
import java.util.Map;

/** A layer that computes with other layers. Their weights lie under Keras's attributes that hold them. */
public interface Wrapper extends Layer {
    /** The wrapped layers, in order, by the attribute that holds each. */
    Map<String, NamedLayer> wrapped();

    /**
     * The same around other layers.
     *
     * @param layers by attribute, with the same weights
     */
    Wrapper withWrapped(Map<String, NamedLayer> layers);

    @Override
    default Layer unnamed() {
        Map<String, NamedLayer> unnamed = new LinkedHashMap<>();
        wrapped()
                .forEach((attribute, inner) ->
                        unnamed.put(attribute, NamedLayer.of("", inner.layer().unnamed())));
        return withWrapped(unnamed);
    }

    /** Whether Keras calls the wrapped layers as layers, so that what their outputs cost by themselves counts in training. */
    default boolean callsWrapped() {
        return true;
    }
}
