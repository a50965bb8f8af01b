package dev.rekur.charts;

import java.util.Arrays;

/**
 * A line of a plot.
 *
 * @param name as the legend has it
 * @param color number of a color of {@link Palette}
 * @param dashed tells validation from training where both have the same color
 * @param values one for each epoch; NaN leaves a gap
 */
record Curve(String name, int color, boolean dashed, double[] values) {
    boolean isEmpty() {
        return Arrays.stream(values).allMatch(Double::isNaN);
    }

    /** Whether a value has no neighbors a line could lead to, and so has to be a dot to be seen. */
    boolean isAlone(int index) {
        return !Double.isNaN(values[index])
                && (index == 0 || Double.isNaN(values[index - 1]))
                && (index == values.length - 1 || Double.isNaN(values[index + 1]));
    }
}
