package dev.rekur.layer.merging;

import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The adjoint of an {@link ElementwiseMerge}. */
final class MergeAdjoint {
    private final ElementwiseMerge layer;
    private final List<ElementwiseMerge.Source> sources;
    private final List<@Nullable Slot> gradients = new ArrayList<>();
    private final Slot dy;
    private final Slot part;

    private MergeAdjoint(ElementwiseMerge layer, TrainingBinding binding, Slot dy) {
        this.layer = layer;
        this.sources = ElementwiseMerge.Source.of(binding);
        this.dy = dy;
        this.part = binding.adjointScratch(dy.rowSize());
        for (int k = 0; k < sources.size(); k++) {
            gradients.add(binding.inputGradient(k));
        }
    }

    /**
     * Binds forward and adjoint.
     *
     * @param dy the gradient of the output
     */
    static LayerTraining bind(ElementwiseMerge layer, TrainingBinding binding, Slot dy) {
        MergeAdjoint adjoint = new MergeAdjoint(layer, binding, dy);
        return LayerTraining.of(layer.forward(binding), adjoint::backward);
    }

    private void backward(TrainingWorkspace workspace, int rows) {
        int length = rows * dy.rowSize();
        float[] d = workspace.floats(dy);
        int at = workspace.at(dy);
        layer.unfinish(d, at, length, sources.size());
        for (int k = sources.size() - 1; k >= 0; k--) {
            Slot gradient = gradients.get(k);
            if (gradient == null) {
                continue;
            }
            if (k > 0) {
                layer.unmerge(d, at, workspace.floats(part), workspace.at(part), length);
            }
            sources.get(k).sum(workspace, rows, k > 0 ? part : dy, gradient);
        }
    }
}
