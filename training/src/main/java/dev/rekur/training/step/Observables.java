package dev.rekur.training.step;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.Port;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.SlotTable;
import dev.rekur.plan.StageCall;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be seen of a step by those who watch a training, collected while its plan is made. */
final class Observables {
    private final List<Output> outputs = new ArrayList<>();
    private final List<Output> relus = new ArrayList<>();
    private final List<StateTrace> traces = new ArrayList<>();

    /**
     * What a layer puts out.
     *
     * @param operations how many operations of forward have run when it is whole
     * @param shape batch unknown
     */
    record Output(String layer, int operations, Slot slot, Shape shape) {
        /** Looks for NaN and infinity, in the order of time steps if there are any. */
        Optional<NonFiniteOutput> nonFinite(List<Shard> shards, int[] rows) {
            boolean sequence = shape.rank() == 3;
            int steps = sequence ? shape.dimension(1) : 1;
            int stepSize = steps == 0 ? 0 : slot.rowSize() / steps;
            for (int step = 0; step < steps; step++) {
                for (int s = 0; s < shards.size(); s++) {
                    float[] values = shards.get(s).floats(slot);
                    int at = shards.get(s).at(slot) + step * stepSize;
                    for (int row = 0; row < rows[s]; row++) {
                        if (!isFinite(values, at + row * slot.rowSize(), stepSize)) {
                            return Optional.of(new NonFiniteOutput(layer, false, sequence ? step : -1));
                        }
                    }
                }
            }
            return Optional.empty();
        }

        private static boolean isFinite(float[] values, int at, int length) {
            for (int i = at; i < at + length; i++) {
                if (!Float.isFinite(values[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Where a recurrent layer notes the gradients of its states, and those of its outputs.
     *
     * @param owner path of the cell below the layer
     * @param norms a shard's first floats: one for each step for the states, then one for each step for the output
     */
    record StateTrace(String layer, String owner, Slot norms) {
        /** The layer's name; of a layer with several recurrent ones also which of them. */
        String name() {
            int end = owner.indexOf('/');
            return end == owner.length() - 1 ? layer : layer + "/" + owner.substring(0, end);
        }
    }

    /**
     * Adds a stage that was bound.
     *
     * @param operations how many operations there are in forward with its own
     * @param losses when losses are computed; until then outputs of relu are kept
     */
    void add(StageCall call, int operations, SlotTable table, int losses) {
        for (Port output : call.outputs()) {
            Slot slot = output.slot();
            if (slot.kind() != ValueKind.FLOAT) {
                continue;
            }
            Output seen = new Output(call.stage().name(), operations, slot, output.shape());
            outputs.add(seen);
            if (call.stage().layer().outputActivation() == Activation.RELU
                    && seen.shape().rank() > 1) {
                table.extend(slot, losses);
                relus.add(seen);
            }
        }
    }

    void add(StateTrace trace) {
        traces.add(trace);
    }

    /** Of all layers, in the order in which they run. */
    List<Output> outputs() {
        return outputs;
    }

    /** Of those that end in relu; kept until backward. */
    List<Output> relus() {
        return relus;
    }

    List<StateTrace> traces() {
        return traces;
    }
}
