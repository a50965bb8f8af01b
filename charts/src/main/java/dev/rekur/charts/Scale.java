package dev.rekur.charts;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An axis: which values it covers, and at which it has ticks.
 *
 * @param low the value at its beginning
 * @param high the value at its end, above {@code low}
 * @param logarithmic whether equal distances are equal factors
 * @param ticks ascending, within the axis
 * @param step from tick to tick; a factor on a logarithmic axis
 */
record Scale(double low, double high, boolean logarithmic, double[] ticks, double step) {
    private static final int INTERVALS = 5;
    private static final double MARGIN = 0.06;
    private static final double[] NICE = {1, 2, 5, 10};

    /** For values from {@code low} to {@code high}, with a margin. */
    static Scale linear(double low, double high) {
        // values that are equal, or differ by less than a float tells, still need an axis
        double spread = Math.max(high - low, Math.max(Math.abs(low), Math.abs(high)) * 1e-6);
        double margin = spread == 0 ? 1 : high == low ? spread * 1e5 : spread * MARGIN;
        double from = low - margin;
        double to = high + margin;
        double step = niceStep((to - from) / INTERVALS);
        return new Scale(from, to, false, low == high ? new double[] {low} : multiples(step, from, to), step);
    }

    /** For whole numbers, with ticks at whole numbers. */
    static Scale whole(int low, int high) {
        double margin = low == high ? 0.5 : (high - low) * 0.02;
        double step = Math.max(1, niceStep((high - low) / (double) INTERVALS));
        double[] ticks = multiples(step, low, high);
        if (low > 0 && step > 1 && ticks.length > 0 && ticks[0] - low > step / 2) {
            ticks = DoubleStream.concat(DoubleStream.of(low), Arrays.stream(ticks))
                    .toArray(); // the first epoch is of interest, the zeroth does not exist
        }
        return new Scale(low - margin, high + margin, false, ticks, step);
    }

    /** For positive values, with ticks at powers of ten, and at twice and five times those where there are few. */
    static Scale logarithmic(double low, double high) {
        double decades = Math.log10(high) - Math.log10(low);
        double margin =
                Math.max(decades * MARGIN, (1 - decades) / 2); // at least one power of ten, however little it changes
        double from = Math.log10(low) - margin;
        double to = Math.log10(high) + margin;
        int every = (int) Math.max(1, Math.ceil((to - from) / (INTERVALS + 1)));
        int[] digits = decades < 2.5 ? new int[] {1, 2, 5} : new int[] {1};
        double lowest = Math.pow(10, from);
        double highest = Math.pow(10, to);
        DoubleStream.Builder ticks = DoubleStream.builder();
        for (int power = Math.floorDiv((int) Math.floor(from), every) * every; power <= to; power += every) {
            for (int digit : digits) {
                double tick = Double.parseDouble(digit + "e" + power);
                if (tick >= lowest && tick <= highest) {
                    ticks.add(tick);
                }
            }
        }
        return new Scale(lowest, highest, true, ticks.build().toArray(), Math.pow(10, every));
    }

    /** Where a value lies: 0 at the beginning, 1 at the end. */
    double place(double value) {
        return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }

    /** What stands at a tick: as few digits as tell it from the others. */
    String label(double tick) {
        if (tick == 0) {
            return "0";
        }
        if (ticks.length == 1) {
            return LoggedValue.text(tick);
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (logarithmic ? tick < 1e-3 || tick >= 1e5 : size >= 1e6 || size < 1e-2) {
            return scientific(tick);
        }
        int digits = (int) Math.max(0, -Math.floor(Math.log10(logarithmic ? tick : step) + 1e-9));
        return String.format(Locale.ROOT, "%." + Math.min(digits, 12) + "f", tick)
                .replace('-', '\u2212');
    }

    private String scientific(double tick) {
        int power = (int) Math.floor(Math.log10(Math.abs(tick)) + 1e-9);
        int digits = logarithmic ? 0 : (int) Math.max(0, power - Math.floor(Math.log10(step) + 1e-9));
        String text = String.format(Locale.ROOT, "%." + Math.min(digits, 12) + "e", tick);
        return text.replaceFirst("e([+-])0*(\\d)", "e$1$2").replace("e+", "e").replace('-', '\u2212');
    }

    private static double niceStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double nice : NICE) {
            if (nice * power >= atLeast * (1 - 1e-9)) {
                return nice * power;
            }
        }
        return 10 * power;
    }

    private static double[] multiples(double step, double from, double to) {
        if (step == 0 || Double.isNaN(step)) {
            return new double[] {from};
        }
        double first = Math.ceil(from / step - 1e-9);
        int count = (int) (Math.floor(to / step + 1e-9) - first) + 1;
        return IntStream.range(0, Math.max(0, count))
                .mapToDouble(i -> (first + i) * step + 0.0)
                .toArray();
    }
}
