package dev.rekur.training.diagnosis;

import dev.rekur.training.diagnosis.Finding.Kind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From measured facts to words: what goes wrong in a training, by which numbers, and what to try. A finding is a
 * suspicion with evidence, not a proof; no finding means that no rule fired, not that all is well. There is at most one of a kind.
 */
public final class Diagnosis {
    private static final List<Rule> RULES = List.of(
            new NonFiniteRule(),
            new FromLogitsRule(),
            new LayerGradientRule(),
            new TimeGradientRule(),
            new LearningRateRule(),
            new StuckAccuracyRule(),
            new DeadReluRule(),
            new OverfittingRule(),
            new SlownessRule());

    /** What follows from each kind of trouble, and goes away with it: told beside it, it would be the same advice again. */
    private static final Map<Kind, Set<Kind>> CONSEQUENCES = new EnumMap<>(Map.of(
            Kind.NON_FINITE,
            EnumSet.range(Kind.LEARNING_RATE_TOO_HIGH, Kind.OVERFITTING),
            Kind.LEARNING_RATE_TOO_HIGH,
            EnumSet.range(Kind.EXPLODING_IN_TIME, Kind.OVERFITTING),
            Kind.EXPLODING_IN_TIME,
            EnumSet.of(Kind.EXPLODING_GRADIENTS, Kind.VANISHING_IN_TIME, Kind.VANISHING_GRADIENTS),
            Kind.EXPLODING_GRADIENTS,
            EnumSet.of(Kind.VANISHING_GRADIENTS),
            Kind.VANISHING_IN_TIME,
            EnumSet.of(Kind.VANISHING_GRADIENTS),
            Kind.LEARNING_RATE_TOO_LOW,
            EnumSet.of(Kind.ACCURACY_STUCK)));

    private Diagnosis() {}

    /** What the facts show, the most urgent first, without what follows from another. */
    public static List<Finding> of(Facts facts) {
        List<Finding> findings = RULES.stream()
                .flatMap(rule -> rule.findings(facts).stream())
                .sorted(Comparator.comparing(Finding::kind))
                .toList();
        Set<Kind> consequences = findings.stream()
                .flatMap(finding -> CONSEQUENCES.getOrDefault(finding.kind(), Set.of()).stream())
                .collect(Collectors.toSet());
        return findings.stream()
                .filter(finding -> !consequences.contains(finding.kind()))
                .toList();
    }
}
