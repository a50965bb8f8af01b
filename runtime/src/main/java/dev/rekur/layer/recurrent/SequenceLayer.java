package dev.rekur.layer.recurrent;

import dev.rekur.layer.Binding;
import dev.rekur.layer.CallStyle;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer that walks its input along time after projecting it: a recurrent layer, or two of them in Bidirectional. */
public interface SequenceLayer extends Layer {
    /**
     * A cell that projects the layer's input.
     *
     * @param owner path of the cell below the layer, with a slash at the end
     * @param layer the recurrent layer it belongs to
     */
    record Cell(String owner, RecurrentLayer layer) {}

    List<Cell> cells();

    @Override
    default CallStyle callStyle() {
        return CallStyle.INITIAL_STATE;
    }

    /**
     * The forward computation on an input projected by the caller.
     *
     * @param projections one for each of {@link #cells}
     */
    Operation forward(Binding binding, List<InputProjection> projections);

    /**
     * Binds forward and adjoint for training on an input projected by the caller.
     *
     * @param projections one for each of {@link #cells}
     * @param mask which steps count, or null
     */
    LayerTraining training(TrainingBinding binding, List<TrainedProjection> projections, @Nullable Slot mask);

    @Override
    default Operation forward(Binding binding) {
        return forward(
                binding,
                cells().stream()
                        .map(cell -> InputProjection.dense(binding, cell.owner(), cell.layer()))
                        .toList());
    }
}
