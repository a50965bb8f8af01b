package dev.rekur.format.keras;

import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.layer.CallStyle;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes calls of layers as Keras 3 does; {@link CallReader} reads them. */
final class Keras3Calls {
    private Keras3Calls() {}

    /** A tensor as calls name it. */
    static Map<String, Object> tensor(TensorReference tensor, Shape shape, ValueKind kind) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("shape", LayerConfigWriter.extents(shape));
        config.put("dtype", kind.dtype());
        config.put("keras_history", List.of(tensor.layer(), (long) tensor.node(), (long) tensor.output()));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("class_name", "__keras_tensor__");
        object.put("config", config);
        return object;
    }

    /**
     * A call.
     *
     * @param style how the layer takes several tensors
     * @param tensors that it is called on
     * @param masks given explicitly, null where there is none
     */
    static Map<String, Object> call(CallStyle style, List<Object> tensors, List<@Nullable Object> masks) {
        List<Object> arguments = tensors;
        Map<String, Object> keywords = new LinkedHashMap<>();
        if (style == CallStyle.INITIAL_STATE) {
            arguments = tensors.subList(0, 1);
            if (tensors.size() > 1) {
                keywords.put("initial_state", tensors.subList(1, tensors.size()));
            }
        } else if (style == CallStyle.TENSORS && tensors.size() > 1) {
            arguments = List.of(tensors);
        }
        Object mask = masks.size() == 1 ? masks.get(0) : masks.isEmpty() ? null : masks;
        if (mask != null) {
            keywords.put("mask", mask);
        }
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("args", arguments);
        call.put("kwargs", keywords);
        return call;
    }
}
