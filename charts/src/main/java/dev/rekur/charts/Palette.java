package dev.rekur.charts;

/**
 * Colors that people who do not see red or green tell apart, on paper and on a screen at night.
 *
 * <p>After Okabe and Ito, <i>Color Universal Design</i>, 2008; the dark ones are lighter by as much as the paper is darker.
 */
final class Palette {
    static final String PAPER = "#ffffff";
    static final String INK = "#1d1e21";
    static final String MUTED = "#5d6169";
    static final String GRID = "#e6e6e2";
    static final String EDGE = "#b3b5b0";
    static final String ALARM = "#a32a1d";

    private static final String[] LIGHT = {"#0072b2", "#d55e00", "#008f68", "#b0578d", "#8a6d00", "#3d3d3d"};
    private static final String[] DARK = {"#5db5f0", "#ff9a4d", "#3fcf9f", "#e59ac6", "#e0c04a", "#c9c9c9"};

    private Palette() {}

    /** How many curves have colors of their own. */
    static int size() {
        return LIGHT.length;
    }

    /** A curve's color on white. */
    static String light(int number) {
        return LIGHT[number % LIGHT.length];
    }

    /** A curve's color on black. */
    static String dark(int number) {
        return DARK[number % DARK.length];
    }
}
