package dev.rekur.layer.merging;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.MaskMerge;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer that merges its inputs element by element, from the first to the last: {@code y_1 = x_1}, {@code y_k = y_(k-1) o x_k}.
 * Inputs of unequal shapes are made equal as {@link Broadcast} says.
 *
 * <p>Adjoint: {@code dx_k = do/dx dy}, which depends on no value; where an input was repeated, its gradient is the sum over all places
 * that took it.
 */
public interface ElementwiseMerge extends Layer {
    /** How the inputs' masks are merged: as the Keras that wrote the model does. */
    MaskMerge masks();

    /** The same layer with another way to merge masks. */
    ElementwiseMerge withMasks(MaskMerge other);

    /** {@code y = y o x}, element by element. */
    void merge(float[] y, int yAt, float[] x, int xAt, int length);

    /** Finishes what was merged of so many inputs. */
    default void finish(float[] y, int at, int length, int inputs) {}

    /** Begins the adjoint: the gradient of what was merged, before {@link #finish}. */
    default void unfinish(float[] dy, int at, int length, int inputs) {}

    /** Goes back over {@link #merge}: writes {@code dx}; {@code dy} is the gradient of what was there before, too. */
    void unmerge(float[] dy, int dyAt, float[] dx, int dxAt, int length);

    @Override
    default void toConfig(LayerConfigWriter config) {
        // it has no settings
    }

    @Override
    default List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(Broadcast.shape(inputs));
    }

    @Override
    default OutputMask outputMask(int output, InputMasks inputMasks) {
        return masks().of(inputMasks);
    }

    @Override
    default Operation forward(Binding binding) {
        Slot output = binding.output(0);
        List<Source> sources = Source.of(binding);
        boolean repeats = sources.stream().anyMatch(source -> source.elements() != null);
        Slot repeated = repeats ? binding.scratch(output.rowSize()) : output;
        return (workspace, rows) -> {
            float[] y = workspace.floats(output);
            int at = workspace.at(output);
            int length = rows * output.rowSize();
            sources.get(0).copy(workspace, rows, output);
            for (int k = 1; k < sources.size(); k++) {
                Slot x = sources.get(k).read(workspace, rows, repeated);
                merge(y, at, workspace.floats(x), workspace.at(x), length);
            }
            finish(y, at, length, sources.size());
        };
    }

    @Override
    default LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        return dy == null ? LayerTraining.withoutGradient(forward(binding)) : MergeAdjoint.bind(this, binding, dy);
    }

    /**
     * An input of a merge.
     *
     * @param slot its buffer
     * @param elements for each element of a row of the output the one of the input that it takes; null if they are the same
     */
    record Source(Slot slot, int @Nullable [] elements) {
        static List<Source> of(Binding binding) {
            List<Source> sources = new ArrayList<>();
            for (int i = 0; i < binding.inputs(); i++) {
                int[] elements = Broadcast.sources(binding.inputShape(i), binding.outputShape(0));
                sources.add(new Source(binding.input(i), elements));
            }
            return List.copyOf(sources);
        }

        /** Writes the input, repeated where the output is larger, to a buffer of the output's size. */
        void copy(Workspace workspace, int rows, Slot to) {
            if (elements == null) {
                workspace.copy(slot, to, rows);
                return;
            }
            float[] x = workspace.floats(slot);
            float[] y = workspace.floats(to);
            for (int row = 0; row < rows; row++) {
                int from = workspace.at(slot) + row * slot.rowSize();
                int at = workspace.at(to) + row * elements.length;
                for (int i = 0; i < elements.length; i++) {
                    y[at + i] = x[from + elements[i]];
                }
            }
        }

        /** Where the input stands in the output's size: in its own buffer, or repeated in the given one. */
        Slot read(Workspace workspace, int rows, Slot repeated) {
            if (elements == null) {
                return slot;
            }
            copy(workspace, rows, repeated);
            return repeated;
        }

        /** The adjoint of {@link #copy}: each element of the input gets the sum over all places that took it. */
        void sum(TrainingWorkspace workspace, int rows, Slot from, Slot gradient) {
            if (elements == null) {
                workspace.copy(from, gradient, rows);
                return;
            }
            float[] d = workspace.floats(from);
            float[] sums = workspace.floats(gradient);
            int at = workspace.at(gradient);
            Arrays.fill(sums, at, at + rows * gradient.rowSize(), 0f);
            for (int row = 0; row < rows; row++) {
                int dAt = workspace.at(from) + row * elements.length;
                int to = at + row * gradient.rowSize();
                for (int i = 0; i < elements.length; i++) {
                    sums[to + elements[i]] += d[dAt + i];
                }
            }
        }
    }
}
