package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * What the course of the training loss says of the learning rate. Too high: the loss diverges ({@link LossCourse#divergence}), or
 * rises by over 5 % in at least half of {@value #EPOCHS} epochs or more and has not fallen by 10 %. Too low: over {@value #STEPS}
 * steps the loss falls in every epoch, late as fast as early, but by less than 2 % in all; or it does not move at all with a rate
 * of {@value #TINY} or less. A rate over {@value #USUAL} is not called too low, nor one with which the model predicts well.
 */
final class LearningRateRule implements Rule {
    static final int EPOCHS = 5;
    static final int STEPS = 200;
    static final double RISE = 1.05;
    static final double SLOWLY = 0.98;
    static final double NOISE = 1e-3;
    static final double TINY = 1e-5;
    static final double USUAL = 1e-2;
    static final double WELL = 0.9;

    @Override
    public List<Finding> findings(Facts facts) {
        LossCourse course = LossCourse.of(facts);
        return tooHigh(facts, course).or(() -> tooLow(facts, course)).stream().toList();
    }

    private static Optional<Finding> tooHigh(Facts facts, LossCourse course) {
        Optional<String> begin = course.divergence();
        if (begin.isPresent()) {
            return Optional.of(tooHigh(
                    facts,
                    "the loss was " + begin.get() + " and is " + Rule.number(course.last()) + rate(facts) + "."));
        }
        if (!course.hasRatios(EPOCHS) || !course.stays()) {
            return Optional.empty();
        }
        int rises = 0;
        for (int i = 1; i < course.epochs(); i++) {
            rises += course.losses().get(i) > RISE * course.losses().get(i - 1) ? 1 : 0;
        }
        return 2 * rises < course.epochs() - 1
                ? Optional.empty()
                : Optional.of(
                        tooHigh(facts, course(course) + " and rises in " + rises + " of them" + rate(facts) + "."));
    }

    private static Finding tooHigh(Facts facts, String evidence) {
        return new Finding(
                Finding.Kind.LEARNING_RATE_TOO_HIGH,
                evidence,
                "Try " + Rule.lower(lastRate(facts))
                        + (facts.clipped() ? "" : ", and clip gradients (clipnorm 1.0)")
                        + ". If that changes nothing, check that data and labels belong together and look for very large values in both.");
    }

    private static Optional<Finding> tooLow(Facts facts, LossCourse course) {
        Optional<Double> rate = lastRate(facts).filter(value -> value <= USUAL);
        if (rate.isEmpty()
                || facts.steps() < STEPS
                || !course.hasRatios(EPOCHS)
                || StuckAccuracyRule.best(facts) >= WELL) {
            return Optional.empty();
        }
        boolean still = rate.get() <= TINY
                && course.losses().stream().allMatch(loss -> Math.abs(loss / course.first() - 1) <= NOISE);
        return still || creeps(course)
                ? Optional.of(new Finding(
                        Finding.Kind.LEARNING_RATE_TOO_LOW,
                        course(course) + ", "
                                + (still ? "and does not move" : "a little in each, and no less at the end than before")
                                + rate(facts) + ".",
                        "Try a learning rate of " + Rule.number(Math.max(10 * rate.get(), 1e-3))
                                + ", unless the model was good to begin with."))
                : Optional.empty();
    }

    /** Whether the loss falls in every epoch, in the later half of them at least half as much as in the earlier one, and hardly. */
    private static boolean creeps(LossCourse course) {
        for (int i = 1; i < course.epochs(); i++) {
            if (course.losses().get(i) >= course.losses().get(i - 1)) {
                return false;
            }
        }
        double middle = course.losses().get((course.epochs() - 1) / 2);
        return course.last() > SLOWLY * course.first() && middle - course.last() >= (course.first() - middle) / 2;
    }

    private static String course(LossCourse course) {
        return "the loss goes from " + Rule.number(course.first()) + " to " + Rule.number(course.last()) + " in "
                + course.epochs() + " epochs";
    }

    private static String rate(Facts facts) {
        return lastRate(facts)
                .map(value -> ", with a learning rate of " + Rule.number(value))
                .orElse("");
    }

    private static Optional<Double> lastRate(Facts facts) {
        return facts.learningRate(facts.history().epochs().size() - 1);
    }
}
