package dev.rekur.layer.merging;

import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link ElementwiseMerge} in training: what was merged before each input is kept where the adjoint reads it. */
final class MergeAdjoint {
    private final ElementwiseMerge layer;
    private final TrainingBinding binding;
    private final List<ElementwiseMerge.Source> sources;
    private final List<@Nullable Slot> gradients = new ArrayList<>();
    private final Slot output;
    private final Slot dy;
    /** The inputs in the output's size, where the adjoint reads them. */
    private final List<Slot> inputs = new ArrayList<>();
    /** What was merged before each input, from the second one on; empty unless the adjoint reads it. */
    private final List<Slot> before = new ArrayList<>();

    private final Slot part;

    MergeAdjoint(ElementwiseMerge layer, TrainingBinding binding, Slot dy) {
        this.layer = layer;
        this.binding = binding;
        this.sources = ElementwiseMerge.Source.of(binding);
        this.output = binding.output(0);
        this.dy = dy;
        this.part = binding.adjointScratch(output.rowSize());
        for (int k = 0; k < sources.size(); k++) {
            gradients.add(binding.inputGradient(k));
            if (layer.readsValues()) {
                boolean same = sources.get(k).elements() == null;
                inputs.add(same ? binding.keep(sources.get(k).slot()) : binding.saved(output.rowSize()));
            }
        }
        for (int k = 1; layer.readsValues() && k < sources.size(); k++) {
            before.add(k == 1 ? inputs.get(0) : binding.saved(output.rowSize()));
        }
    }

    LayerTraining training() {
        return layer.readsValues()
                ? LayerTraining.of((workspace, rows) -> forward((TrainingWorkspace) workspace, rows), this::backward)
                : LayerTraining.of(layer.forward(binding), this::backward);
    }

    private void forward(TrainingWorkspace workspace, int rows) {
        for (int k = 0; k < sources.size(); k++) {
            if (sources.get(k).elements() != null) {
                sources.get(k).copy(workspace, rows, inputs.get(k));
            }
        }
        int length = rows * output.rowSize();
        float[] y = workspace.floats(output);
        int at = workspace.at(output);
        workspace.copy(inputs.get(0), output, rows);
        for (int k = 1; k < sources.size(); k++) {
            if (k > 1) {
                workspace.copy(output, before.get(k - 1), rows);
            }
            layer.merge(y, at, workspace.floats(inputs.get(k)), workspace.at(inputs.get(k)), length);
        }
        layer.finish(y, at, length, sources.size());
    }

    private void backward(TrainingWorkspace workspace, int rows) {
        int length = rows * output.rowSize();
        float[] d = workspace.floats(dy);
        int at = workspace.at(dy);
        layer.unfinish(d, at, length, sources.size());
        for (int k = sources.size() - 1; k > 0; k--) {
            Slot y = before.isEmpty() ? dy : before.get(k - 1);
            Slot x = inputs.isEmpty() ? dy : inputs.get(k);
            layer.unmerge(
                    workspace.floats(y),
                    workspace.at(y),
                    workspace.floats(x),
                    workspace.at(x),
                    d,
                    at,
                    workspace.floats(part),
                    workspace.at(part),
                    length);
            write(workspace, rows, k, part);
        }
        write(workspace, rows, 0, dy);
    }

    private void write(TrainingWorkspace workspace, int rows, int input, Slot from) {
        Slot gradient = gradients.get(input);
        if (gradient != null) {
            sources.get(input).sum(workspace, rows, from, gradient);
        }
    }
}
