package dev.rekur.charts;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands above a plot's axes, and where: title, legend, remark. The same in all formats. In pixels from the plot's upper
 * left corner; {@code y} is the baseline of text.
 *
 * @param samples the legend's curves
 * @param remarks baselines of the remarks
 * @param height where the axes may begin
 */
record Header(List<Sample> samples, List<Integer> remarks, int height) {
    static final int LEFT = 66;
    static final int TITLE = 22;
    static final int SAMPLE_LENGTH = 18;

    private static final int RIGHT = 440;
    private static final int LINE = 18;
    private static final int SPACE = 16;
    /** How wide a character of a legend is, on average; nobody knows the reader's font. */
    private static final double CHARACTER = 6.5;

    /** A curve of the legend: a piece of its line, and its name from {@link #textX}. */
    record Sample(Curve curve, double x, int y) {
        double textX() {
            return x + SAMPLE_LENGTH + 6;
        }

        private double end() {
            return textX() + curve.name().length() * CHARACTER;
        }
    }

    static Header of(Plot plot) {
        List<Sample> samples = new ArrayList<>();
        double x = LEFT;
        int y = TITLE;
        for (Curve curve : plot.curves()) {
            Sample sample = new Sample(curve, x, y);
            if (samples.isEmpty() || sample.end() > RIGHT) {
                y += LINE;
                sample = new Sample(curve, LEFT, y);
            }
            samples.add(sample);
            x = sample.end() + SPACE;
        }
        List<Integer> remarks = new ArrayList<>();
        for (int i = 0; i < plot.remarks().size() && !plot.isEmpty(); i++) {
            y += LINE;
            remarks.add(y);
        }
        return new Header(List.copyOf(samples), List.copyOf(remarks), y + 12);
    }
}
