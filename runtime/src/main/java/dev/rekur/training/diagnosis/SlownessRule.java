package dev.rekur.training.diagnosis;

import dev.rekur.training.diagnosis.Pace.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Time that goes elsewhere than into training: over 30 % into waiting for data or into callbacks, over half into validation,
 * once it has taken {@value #SECONDS} seconds in all; and steps that take over a second each.
 */
final class SlownessRule implements Rule {
    static final double MUCH = 0.3;
    static final double HALF = 0.5;
    static final double STEPS_PER_SECOND = 1;
    static final double SECONDS = 5;

    @Override
    public List<Finding> findings(Facts facts) {
        return facts.pace().map(SlownessRule::findings).orElse(List.of());
    }

    private static List<Finding> findings(Pace pace) {
        List<Finding> findings = new ArrayList<>();
        boolean matters = pace.allSeconds() > SECONDS;
        if (matters && pace.share(Part.DATA) > MUCH) {
            findings.add(finding(
                    pace,
                    Part.DATA,
                    "waiting for batches",
                    "Prepare the data once, before training, or make batches in another thread."));
        }
        if (matters && pace.share(Part.CALLBACKS) > MUCH) {
            findings.add(finding(
                    pace,
                    Part.CALLBACKS,
                    "callbacks",
                    "Save less often, or only the best model; write logs by epochs."));
        }
        if (matters && pace.share(Part.VALIDATION) > HALF) {
            findings.add(
                    finding(pace, Part.VALIDATION, "validation", "Validate on fewer rows, or not after every epoch."));
        }
        if (pace.stepsPerSecond() < STEPS_PER_SECOND) {
            findings.add(new Finding(
                    Finding.Kind.SLOW,
                    Rule.number(pace.stepsPerSecond()) + " steps a second, of which the forward pass takes "
                            + Rule.percent(pace.share(Part.FORWARD)) + " and the backward pass "
                            + Rule.percent(pace.share(Part.BACKWARD)) + " of the time.",
                    "Try more threads, shorter sequences (or truncated ones in a stateful model), fewer units, and freezing the layers"
                            + " that need not change."));
        }
        return findings;
    }

    private static Finding finding(Pace pace, Part part, String words, String advice) {
        return new Finding(
                Finding.Kind.SLOW,
                Rule.percent(pace.share(part)) + " of the time goes into " + words + "; "
                        + Rule.number(pace.stepsPerSecond()) + " steps a second.",
                advice);
    }
}
