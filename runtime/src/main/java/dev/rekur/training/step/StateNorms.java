package dev.rekur.training.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Norms of the gradients with respect to the states of recurrent layers, by time step: means over the batches that were shown
 * since {@link #reset}. Batches with other numbers of time steps than the first are left out.
 */
public final class StateNorms {
    private final List<Sum> sums = new ArrayList<>();

    private static final class Sum {
        final String layer;
        final double[] norms;
        int batches;

        Sum(String layer, int steps) {
            this.layer = layer;
            this.norms = new double[steps];
        }
    }

    /**
     * The means of one recurrent layer; of one that is called several times, those of one call.
     *
     * @param norms by time step, in the order in which steps are computed
     */
    public record Mean(String layer, List<Double> norms) {
        public Mean {
            norms = List.copyOf(norms);
        }
    }

    /** Forgets everything. */
    public void reset() {
        sums.clear();
    }

    /** What was measured, in the order in which layers run. */
    public List<Mean> means() {
        return sums.stream()
                .filter(sum -> sum.batches > 0)
                .map(sum -> new Mean(
                        sum.layer,
                        Arrays.stream(sum.norms)
                                .map(norm -> norm / sum.batches)
                                .boxed()
                                .toList()))
                .toList();
    }

    void add(List<Observables.StateTrace> traces, List<Shard> shards) {
        if (sums.isEmpty()) {
            traces.forEach(trace -> sums.add(new Sum(trace.name(), trace.norms().rowSize())));
        }
        for (int t = 0; t < traces.size(); t++) {
            Observables.StateTrace trace = traces.get(t);
            Sum sum = sums.get(t);
            if (sum.norms.length != trace.norms().rowSize()) {
                continue;
            }
            for (int step = 0; step < sum.norms.length; step++) {
                double squares = 0;
                for (int s = 0; s < shards.size(); s++) {
                    double norm =
                            shards.get(s).floats(trace.norms())[shards.get(s).at(trace.norms()) + step];
                    squares += norm * norm;
                }
                sum.norms[step] += Math.sqrt(squares);
            }
            sum.batches++;
        }
    }
}
