package dev.rekur.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients by time step: on the way from the last steps to the first they are multiplied by the recurrent weights again and
 * again. They vanish if the first step gets under a {@value #TIMES}th of the largest, explode if it gets over {@value #TIMES}
 * times what the last step gets that has any, and over {@value #TIMES_HALFWAY} times what the step halfway gets: what grows by the
 * same factor in each step has grown by the root of the whole there. A last step that few sequences of a batch reach gets
 * little, too, but the step halfway does not. Growth over {@value #TIMES} times {@value #TIMES} is an explosion wherever it happens.
 */
final class TimeGradientRule implements Rule {
    static final int TIMES = 1000;

    /** About the root of {@link #TIMES}. */
    static final int TIMES_HALFWAY = 32;

    @Override
    public List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        for (StateGradients state : facts.states()) {
            if (state.norms().size() > 1 && state.norms().stream().allMatch(Double::isFinite)) {
                finding(state, facts.clipped()).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> finding(StateGradients state, boolean clipped) {
        List<Double> norms = state.norms();
        int steps = norms.size();
        double first = norms.get(0);
        int last = steps - 1;
        while (last > 0 && norms.get(last) == 0) {
            last--; // steps behind the end of every sequence get none
        }
        boolean allTheWay = first > TIMES_HALFWAY * norms.get((last + 1) / 2);
        boolean immense = first > (double) TIMES * TIMES * norms.get(last);
        if (last > 0 && first > TIMES * norms.get(last) && (allTheWay || immense)) {
            return Optional.of(new Finding(
                    Finding.Kind.EXPLODING_IN_TIME,
                    "in layer '" + state.layer() + "' the gradient of the state grows from "
                            + Rule.number(norms.get(last)) + " at step " + (last + 1) + " to " + Rule.number(first)
                            + " at step 1.",
                    (clipped ? "Gradients are clipped already. Try " : "Clip gradients (clipnorm 1.0). Also try ")
                            + "an orthogonal recurrent initializer, LSTM or GRU, and shorter sequences."));
        }
        int reached = reached(norms);
        if (reached == 0) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Finding.Kind.VANISHING_IN_TIME,
                "in layer '" + state.layer() + "' the gradient of the state is " + Rule.number(max(norms))
                        + " at its largest and "
                        + Rule.number(first) + " at step 1; only from step " + (reached + 1) + " of " + steps
                        + " on it is over a thousandth of the largest. What comes earlier is hardly learned.",
                "Try LSTM or GRU instead of SimpleRNN, shorter sequences (with the important part at the end), layer normalization, or a"
                        + " bidirectional layer."));
    }

    /** The first step that gets at least a thousandth of the largest. */
    private static int reached(List<Double> norms) {
        double enough = max(norms) / TIMES;
        int step = 0;
        while (step < norms.size() - 1 && norms.get(step) < enough) {
            step++;
        }
        return step;
    }

    private static double max(List<Double> norms) {
        return norms.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
}
