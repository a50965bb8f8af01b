package dev.rekur.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients by time step: on the way from the last steps to the first they are multiplied by the recurrent weights again and
 * again.
 *
 * <p>They vanish if at least a quarter of the steps, and {@value #STEPS}, get under a {@value #TIMES}th of what the step gets that
 * gets most. They explode if the first step gets over {@value #TIMES} times what the last step gets that has any, and over {@value
 * #TIMES_HALFWAY} times what the step halfway gets: what grows by the same factor in each step has grown by the root of the whole
 * there. A last step that few sequences of a batch reach gets little, too, but the step halfway does not. Growth over {@value #TIMES}
 * times {@value #TIMES} is an explosion wherever it happens. It is no growth through time if the layers above pass that much down to a
 * step, as a layer that reads backwards does to the first ones: then the most that comes down counts in place of the last step. What grows does harm only where the loss suffers; growth that is immense
 * also where nothing clips it.
 */
final class TimeGradientRule implements Rule {
    static final int TIMES = 1000;
    static final int STEPS = 10;
    static final double QUARTER = 0.25;

    /** About the root of {@link #TIMES}. */
    static final int TIMES_HALFWAY = 32;

    @Override
    public List<Finding> findings(Facts facts) {
        boolean suffers = LossCourse.of(facts).suffers();
        List<String> exploding = new ArrayList<>();
        List<String> vanishing = new ArrayList<>();
        for (StateGradients state : facts.states()) {
            List<Double> norms = state.norms();
            if (norms.size() < 2 || !norms.stream().allMatch(Double::isFinite)) {
                continue;
            }
            Optional<String> growth = growth(state, suffers, facts.clipped());
            growth.ifPresent(exploding::add);
            if (growth.isEmpty()) {
                loss(state).ifPresent(vanishing::add);
            }
        }
        List<Finding> findings = new ArrayList<>();
        if (!exploding.isEmpty()) {
            findings.add(new Finding(
                    Finding.Kind.EXPLODING_IN_TIME,
                    String.join("; ", exploding) + ".",
                    (facts.clipped()
                                    ? "Gradients are clipped already. Try "
                                    : "Clip gradients (clipnorm 1.0). Also try ")
                            + "an orthogonal recurrent initializer, LSTM or GRU, and shorter sequences."));
        }
        if (!vanishing.isEmpty()) {
            findings.add(new Finding(
                    Finding.Kind.VANISHING_IN_TIME,
                    String.join("; ", vanishing) + ". What comes earlier is hardly learned.",
                    "If what comes early matters, try LSTM or GRU if it is a SimpleRNN, shorter sequences (with the important part at the"
                            + " end), layer normalization, or a bidirectional layer."));
        }
        return findings;
    }

    private static Optional<String> growth(StateGradients state, boolean suffers, boolean clipped) {
        List<Double> norms = state.norms();
        double first = norms.get(0);
        int last = norms.size() - 1;
        while (last > 0 && norms.get(last) == 0) {
            last--; // steps behind the end of every sequence get none
        }
        double received = Math.max(norms.get(last), max(state.outputs()));
        boolean allTheWay = first > TIMES_HALFWAY * norms.get((last + 1) / 2);
        boolean immense = first > (double) TIMES * TIMES * received;
        boolean grows = last > 0 && first > TIMES * received && (allTheWay || immense);
        return grows && (suffers || (immense && !clipped))
                ? Optional.of("in layer '" + state.layer() + "' the gradient of the state grows from "
                        + Rule.number(norms.get(last)) + " at step " + (last + 1) + " to " + Rule.number(first)
                        + " at step 1")
                : Optional.empty();
    }

    private static Optional<String> loss(StateGradients state) {
        int steps = state.norms().size();
        int missed = missed(state.norms());
        return missed < STEPS || missed < QUARTER * steps
                ? Optional.empty()
                : Optional.of("in layer '" + state.layer() + "' the gradient of the state is "
                        + Rule.number(max(state.norms()))
                        + " at its largest and "
                        + Rule.number(state.norms().get(0)) + " at step 1; only from step " + (missed + 1) + " of "
                        + steps
                        + " on it is over a thousandth of the largest");
    }

    /** Number of the first steps that get less than a thousandth. */
    private static int missed(List<Double> norms) {
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
