package dev.rekur.charts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One of the pictures, by what it shows and not by how it looks.
 *
 * @param title a word or two
 * @param measure what the vertical axis measures
 * @param epochs where the values of all curves stand on the horizontal axis, counted from 1 and ascending
 * @param curves with at least one value each; none if there is nothing to show
 * @param scaling of the vertical axis
 * @param remarks what a reader has to know of values that cannot be drawn; why there are no curves if there are none
 */
record Plot(String title, String measure, int[] epochs, List<Curve> curves, Scaling scaling, List<String> remarks) {
    /** Above this many epochs dots merge into a thick line. */
    private static final int DOTS = 30;

    private static final int DENSE = 200;

    /** How values are laid out on the vertical axis. */
    enum Scaling {
        LINEAR,
        /** Linear, and zero is seen and marked. */
        AROUND_ZERO,
        /** By powers of ten. */
        LOGARITHMIC
    }

    boolean isEmpty() {
        return curves.isEmpty();
    }

    /** Whether each value is marked by a dot. */
    boolean hasDots() {
        return epochs.length <= DOTS;
    }

    /** Whether there are so many values that only a thin line shows their course. */
    boolean isDense() {
        return epochs.length > DENSE;
    }

    /** The vertical axis. */
    Scale vertical() {
        double[] values = values().toArray();
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(1);
        return switch (scaling) {
            case LINEAR -> Scale.linear(low, high);
            case AROUND_ZERO -> Scale.linear(Math.min(low, 0), Math.max(high, 0));
            case LOGARITHMIC -> Scale.logarithmic(low, high);
        };
    }

    /** The horizontal axis. */
    Scale horizontal() {
        return epochs.length == 0 ? Scale.whole(1, 1) : Scale.whole(epochs[0], epochs[epochs.length - 1]);
    }

    private DoubleStream values() {
        return curves.stream()
                .flatMapToDouble(curve -> Arrays.stream(curve.values()))
                .filter(value -> !Double.isNaN(value));
    }
}
