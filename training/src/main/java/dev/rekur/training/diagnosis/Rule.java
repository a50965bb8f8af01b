package dev.rekur.training.diagnosis;

import dev.rekur.training.callback.PythonFloat;
import java.util.List;
import java.util.Optional;

/** Finds one kind of trouble in facts. */
@FunctionalInterface
interface Rule {
    List<Finding> findings(Facts facts);

    /** A measured number, short enough to be read. */
    static String number(double value) {
        return PythonFloat.general(value, 4);
    }

    /** A fraction as a percentage. */
    static String percent(double fraction) {
        return PythonFloat.fixed(100 * fraction, 1) + " %";
    }

    /** What to try in place of a learning rate that is too high: the tenth, or one that is usual where that would be none. */
    static String lower(Optional<Double> rate) {
        return rate.map(value -> "a learning rate of " + number(value > 1 ? 0.01 : value / 10))
                .orElse("a tenth of the learning rate");
    }

    /** An epoch as people count. */
    static String epoch(int epoch) {
        return "epoch " + (epoch + 1);
    }
}
