package dev.rekur.training.diagnosis;

import java.util.Comparator;
import java.util.List;

/**
 * From measured facts to words: what goes wrong in a training, by which numbers, and what to try. A finding is a
 * suspicion with evidence, not a proof; no finding means that no rule fired, not that all is well.
 */
public final class Diagnosis {
    private static final List<Rule> RULES = List.of(
            new NonFiniteRule(),
            new LayerGradientRule(),
            new TimeGradientRule(),
            new LearningRateRule(),
            new StuckAccuracyRule(),
            new DeadReluRule(),
            new OverfittingRule(),
            new SlownessRule());

    private Diagnosis() {}

    /** What the facts show, the most urgent first. */
    public static List<Finding> of(Facts facts) {
        return RULES.stream()
                .flatMap(rule -> rule.findings(facts).stream())
                .sorted(Comparator.comparing(Finding::kind))
                .toList();
    }
}
