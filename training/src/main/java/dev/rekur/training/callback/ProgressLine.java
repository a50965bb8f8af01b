package dev.rekur.training.callback;

/**
 * The line Keras prints while it fits: {@code 10/10 ━━━━━━━━━━━━━━━━━━━━ 0s 12ms/step - accuracy: 0.5000 - loss: 1.2000}.
 * Only text from numbers; {@link ProgressBar} keeps time.
 *
 * <p>Follows {@code keras/src/utils/progbar.py} of Keras 3.15.1.
 *
 * @param steps of the epoch; 0 if unknown
 * @param width of the bar, in characters
 * @param colored with the terminal's bold, green and gray, as Keras prints; plain text otherwise
 */
public record ProgressLine(int steps, int width, boolean colored) {
    private static final int WIDTH = 20;
    private static final String BOLD = "\u001b[1m";
    private static final String GREEN = "\u001b[32m";
    private static final String GRAY = "\u001b[37m";
    private static final String END = "\u001b[0m";
    private static final double SMALL = 1e-3;

    /** As wide as Keras's bar. */
    public static ProgressLine of(int steps, boolean colored) {
        return new ProgressLine(steps, WIDTH, colored);
    }

    /**
     * {@code Epoch 1/50}, which Keras prints if there is more than one epoch.
     *
     * @param epoch counted from 0
     */
    public static String heading(int epoch, int epochs) {
        return "Epoch " + (epoch + 1) + "/" + epochs;
    }

    /**
     * The line in the middle of an epoch: step, bar, time that is left, time per step, values.
     *
     * @param step batches done
     * @param elapsed seconds since the epoch began; shown if the number of steps is unknown
     * @param perStep seconds a step takes
     */
    public String running(int step, double elapsed, double perStep, Logs logs) {
        double left = perStep * (steps - step);
        return bar(step) + " " + bold(steps > 0 ? remaining(left) : seconds(elapsed)) + duration(perStep)
                + values(logs, true);
    }

    /** The line at the end of an epoch: as in the middle, with the seconds it took. */
    public String finished(int step, double elapsed, double perStep, Logs logs) {
        return bar(step) + " " + bold(seconds(elapsed)) + duration(perStep) + values(logs, true);
    }

    /** The line at the end of an epoch with {@code verbose=2}: no bar, and negative values in scientific notation. */
    public String semiVerbose(int step, double elapsed, double perStep, Logs logs) {
        return count(step) + " - " + seconds(elapsed) + " -" + duration(perStep) + values(logs, false);
    }

    private String bar(int step) {
        if (steps <= 0) {
            return padded(step, 7) + "/Unknown";
        }
        int done = (int) (width * ((double) step / steps));
        String green = done > 0 ? colored(GREEN, "━".repeat(done)) : "";
        return bold(count(step)) + " " + green + colored(GRAY, "━".repeat(Math.max(0, width - done)));
    }

    private String count(int step) {
        return padded(step, Integer.toString(steps).length()) + "/" + steps;
    }

    private static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** {@code 12s}, {@code 1:05}, {@code 2:03:04}; Keras has {@code 60s} and {@code 60:00} at the borders. */
    private static String remaining(double seconds) {
        long whole = (long) seconds;
        if (seconds > 3600) {
            return whole / 3600 + ":" + twoDigits(whole % 3600 / 60) + ":" + twoDigits(whole % 60);
        }
        return seconds > 60 ? whole / 60 + ":" + twoDigits(whole % 60) : whole + "s";
    }

    private static String twoDigits(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    private static String seconds(double seconds) {
        return PythonFloat.fixed(seconds, 0) + "s";
    }

    private static String duration(double perStep) {
        if (perStep >= 1 || perStep == 0) {
            return " " + PythonFloat.fixed(perStep, 0) + "s/step";
        }
        return perStep >= SMALL
                ? " " + PythonFloat.fixed(perStep * 1000, 0) + "ms/step"
                : " " + PythonFloat.fixed(perStep * 1000000, 0) + "us/step";
    }

    private static String values(Logs logs, boolean bySize) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < logs.size(); i++) {
            double value = logs.value(i);
            boolean plain = (bySize ? Math.abs(value) : value) > SMALL;
            text.append(" - ")
                    .append(logs.name(i))
                    .append(": ")
                    .append(plain ? PythonFloat.fixed(value, 4) : PythonFloat.scientific(value, 4));
        }
        return text.toString();
    }

    private String bold(String text) {
        return colored(BOLD, text);
    }

    private String colored(String color, String text) {
        return colored ? color + text + END : text;
    }

    /** Characters of a line on the screen: without those that color it. */
    static int visibleLength(String line) {
        int length = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '\u001b') {
                i = line.indexOf('m', i);
            } else {
                length++;
            }
        }
        return length;
    }
}
