package dev.rekur.training.diagnosis;

import dev.rekur.training.diagnosis.Pace.Part;
import java.util.List;

/**
 * Time that goes elsewhere than into training: over 30 % into waiting for data or into callbacks, over half into validation; and
 * steps that take over a second each. Says nothing before {@value #SECONDS} seconds and {@value #STEPS} steps: the first ones are
 * slow on any machine.
 */
final class SlownessRule implements Rule {
    static final double MUCH = 0.3;
    static final double HALF = 0.5;
    static final double STEPS_PER_SECOND = 1;
    static final double SECONDS = 30;
    static final double STEPS = 20;

    @Override
    public List<Finding> findings(Facts facts) {
        return facts.pace()
                .filter(pace -> pace.allSeconds() > SECONDS && pace.steps() >= STEPS)
                .map(SlownessRule::findings)
                .orElse(List.of());
    }

    /** What takes most time that it need not take. */
    private static List<Finding> findings(Pace pace) {
        if (pace.share(Part.DATA) > MUCH) {
            return List.of(finding(
                    pace,
                    Part.DATA,
                    "waiting for batches",
                    "Prepare the data once, before training, or make batches in another thread."));
        }
        if (pace.share(Part.CALLBACKS) > MUCH) {
            return List.of(finding(
                    pace,
                    Part.CALLBACKS,
                    "callbacks",
                    "Save less often, or only the best model; write logs by epochs."));
        }
        if (pace.share(Part.VALIDATION) > HALF) {
            return List.of(
                    finding(pace, Part.VALIDATION, "validation", "Validate on fewer rows, or not after every epoch."));
        }
        return pace.stepsPerSecond() >= STEPS_PER_SECOND
                ? List.of()
                : List.of(new Finding(
                        Finding.Kind.SLOW,
                        Rule.number(pace.stepsPerSecond()) + " steps a second, of which the forward pass takes "
                                + Rule.percent(pace.share(Part.FORWARD)) + " and the backward pass "
                                + Rule.percent(pace.share(Part.BACKWARD)) + " of the time.",
                        "Try more threads, shorter sequences (or truncated ones in a stateful model), fewer units, and freezing the layers"
                                + " that need not change."));
    }

    private static Finding finding(Pace pace, Part part, String words, String advice) {
        return new Finding(
                Finding.Kind.SLOW,
                Rule.percent(pace.share(part)) + " of the time goes into " + words + "; "
                        + Rule.number(pace.stepsPerSecond()) + " steps a second.",
                advice);
    }
}
