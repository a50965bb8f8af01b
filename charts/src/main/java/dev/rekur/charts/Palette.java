package dev.rekur.charts;

/**
 * Colors that people who do not see red or green tell apart.
 *
 * <p>After Okabe and Ito, <i>Color Universal Design</i>, 2008.
 */
final class Palette {
    static final String PAPER = "#ffffff";
    static final String INK = "#1d1e21";
    static final String MUTED = "#5d6169";
    static final String GRID = "#e6e6e2";
    static final String EDGE = "#b3b5b0";
    static final String ALARM = "#a32a1d";

    private static final String[] LIGHT = {"#0072b2", "#d55e00", "#008f68", "#b0578d", "#8a6d00", "#3d3d3d"};

    private Palette() {}

    /** How many curves have colors of their own. */
    static int size() {
        return LIGHT.length;
    }

    /** A curve's color. */
    static String color(int number) {
        return LIGHT[number % LIGHT.length];
    }
}
