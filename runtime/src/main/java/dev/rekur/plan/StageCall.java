package dev.rekur.plan;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Port;
import dev.rekur.layer.Resources;
import dev.rekur.tensor.FloatTensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A stage with everything that its call is connected to.
 *
 * @param index which stage it is
 * @param inputs in order
 * @param outputs in order; their masks are those that the layer is to compute
 * @param resources memory and weights for the layer
 */
public record StageCall(int index, Stage stage, List<Port> inputs, List<Port> outputs, Resources resources) {
    /** Where weights and what is derived from them come from. */
    public interface Values {
        /** A weight of a stage by its path. */
        FloatTensor weight(Stage stage, String path);

        /** Something derived from a stage's weights, made once. */
        <T> T shared(Stage stage, String key, Supplier<T> maker);
    }

    /** What the layer is given for inference. */
    public Binding binding() {
        return new Binding(stage.name(), inputs, outputs, resources);
    }
}
