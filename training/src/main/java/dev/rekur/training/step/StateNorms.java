package dev.rekur.training.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Norms of the gradients with respect to the states and outputs of recurrent layers, by time step: means over the batches that were shown
 * since {@link #reset}. Batches with other numbers of time steps than the first are left out.
 */
public final class StateNorms {
    private final List<Sum> sums = new ArrayList<>();

    private static final class Sum {
        final String layer;
        final double[] norms;
        int batches;

        Sum(String layer, int numbers) {
            this.layer = layer;
            this.norms = new double[numbers];
        }

        List<Double> means(int from, int to) {
            return Arrays.stream(norms, from, to)
                    .map(norm -> norm / batches)
                    .boxed()
                    .toList();
        }
    }

    /**
     * The means of one recurrent layer; of one that is called several times, those of one call.
     *
     * @param norms of the states by time step, in the order in which steps are computed
     * @param outputs of the output, likewise
     */
    public record Mean(String layer, List<Double> norms, List<Double> outputs) {
        public Mean {
            norms = List.copyOf(norms);
            outputs = List.copyOf(outputs);
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
                        sum.means(0, sum.norms.length / 2),
                        sum.means(sum.norms.length / 2, sum.norms.length)))
                .toList();
    }

    void add(List<Observables.StateTrace> traces, List<Shard> shards) {
        for (int t = sums.size(); t < traces.size(); t++) { // no lambda: where nothing is recurrent this runs each time
            sums.add(new Sum(traces.get(t).name(), traces.get(t).norms().rowSize()));
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
