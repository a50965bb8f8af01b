package dev.rekur.training.callback;

/**
 * The progress of one epoch on a terminal: a line that is written over itself, at most every 50 milliseconds. Values stay in
 * the order in which they first appeared. The first step, which compiles and warms up, does not count in the time per step
 * as soon as there are others.
 *
 * <p>Knows no clock: the caller says what time it is. Follows {@code keras/src/utils/progbar.py} and {@code
 * keras/src/callbacks/progbar_logger.py} of Keras 3.15.1.
 */
public final class ProgressBar {
    private static final double INTERVAL = 0.05;

    private final int steps;
    private final int width;
    private final boolean live;
    private final double start;
    private final Logs values = new Logs();
    private double lastUpdate = Double.NEGATIVE_INFINITY;
    private double afterFirstStep = Double.NaN;
    private int previousLength;

    /**
     * @param steps of the epoch; 0 if unknown
     * @param width of the bar, in characters; Keras has 20
     * @param live whether this goes to a terminal: colored, and written over itself. If not, there is the last line alone,
     *     in plain text
     * @param now seconds of any clock, when the epoch begins
     */
    public ProgressBar(int steps, int width, boolean live, double now) {
        this.steps = steps;
        this.width = width;
        this.live = live;
        this.start = now;
    }

    /**
     * After a batch: what to print, without a line break; often nothing.
     *
     * @param step batches done
     * @param now seconds of the same clock
     * @param logs running means so far
     */
    public String step(int step, double now, Logs logs) {
        take(logs);
        double perStep = perStep(step, now);
        if (!live || now - lastUpdate < INTERVAL) {
            return "";
        }
        lastUpdate = now;
        return over(new ProgressLine(steps, width, true).running(step, now - start, perStep, values));
    }

    /**
     * After the epoch: the last line with its line break.
     *
     * @param step batches done
     * @param now seconds of the same clock
     * @param logs of the epoch, those of validation included
     */
    public String finish(int step, double now, Logs logs) {
        take(logs);
        ProgressLine line = new ProgressLine(steps > 0 ? steps : step, width, live);
        String text = line.finished(step, now - start, perStep(step, now), values);
        return (live ? over(text) : text) + "\n";
    }

    private String over(String line) {
        int length = ProgressLine.visibleLength(line);
        String text = "\b".repeat(previousLength) + "\r" + line + " ".repeat(Math.max(0, previousLength - length));
        previousLength = length;
        return text;
    }

    private void take(Logs logs) {
        for (int i = 0; i < logs.size(); i++) {
            values.put(logs.name(i), logs.value(i));
        }
    }

    private double perStep(int step, double now) {
        if (step == 0) {
            return 0;
        }
        double perStep =
                !Double.isNaN(afterFirstStep) && step > 1 ? (now - afterFirstStep) / (step - 1) : (now - start) / step;
        if (step == 1) {
            afterFirstStep = now;
        }
        return perStep;
    }
}
