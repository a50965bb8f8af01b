package dev.rekur.training.diagnosis;

import dev.rekur.training.callback.PythonFloat;
import java.util.List;

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

    /** An epoch as people count. */
    static String epoch(int epoch) {
        return "epoch " + (epoch + 1);
    }
}
