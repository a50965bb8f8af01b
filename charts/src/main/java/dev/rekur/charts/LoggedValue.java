package dev.rekur.charts;

import dev.rekur.training.callback.History;
import dev.rekur.training.callback.MonitorMode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a logged value.
 *
 * @param name Keras's
 * @param last that of the last epoch which has it
 * @param best none if nobody knows which way the value improves, or no value is a number
 */
record LoggedValue(String name, double last, Optional<Best> best) {
    private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);

    /**
     * The best value.
     *
     * @param epoch the first that has it, counted from 1
     */
    record Best(double value, int epoch) {}

    /** Everything that was logged, in the history's order. */
    static List<LoggedValue> of(History history) {
        List<String> names = history.names();
        return names.stream()
                .map(name -> {
                    List<Double> values = history.values(name);
                    Optional<Best> best = MetricChoice.direction(name, names)
                            .flatMap(direction -> best(history, name, direction == MonitorMode.MAX));
                    return new LoggedValue(name, values.get(values.size() - 1), best);
                })
                .toList();
    }

    private static Optional<Best> best(History history, String name, boolean rises) {
        Best best = null;
        for (int i = 0; i < history.epochs().size(); i++) {
            if (!history.logs(i).contains(name)) {
                continue;
            }
            double value = history.logs(i).value(name);
            boolean better = best == null || (rises ? value > best.value() : value < best.value());
            if (Double.isFinite(value) && better) {
                best = new Best(value, history.epochs().get(i) + 1);
            }
        }
        return Optional.ofNullable(best);
    }

    /** A number to be read: five digits, and powers of ten where it is very large or small. */
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\u221e" : "\u2212\u221e";
        }
        double size = Math.abs(value);
        if (size == 0 || size >= 1e-3 && size < 1e6) {
            return typeset(BigDecimal.valueOf(value).round(DIGITS).toPlainString(), "");
        }
        String[] parts = String.format(Locale.ROOT, "%.3e", value).split("e");
        return typeset(parts[0], "e" + Integer.parseInt(parts[1]));
    }

    /** Without zeros that say nothing, and with the sign that is as wide as a digit. */
    private static String typeset(String digits, String power) {
        String shortest = digits.indexOf('.') < 0
                ? digits
                : digits.replaceFirst("0+$", "").replaceFirst("\\.$", "");
        return (shortest + power).replace('-', '\u2212');
    }
}
