package dev.rekur.training.diagnosis;

import java.util.Map;

/**
 * How fast a training goes, and where its time goes.
 *
 * @param stepsPerSecond training steps, without validation
 * @param seconds spent on each part
 */
public record Pace(double stepsPerSecond, Map<Part, Double> seconds) {
    /** What time is spent on. */
    public enum Part {
        /** Waiting for batches. */
        DATA,
        FORWARD,
        BACKWARD,
        /** The optimizer. */
        UPDATE,
        VALIDATION,
        /** Callbacks, saving included. */
        CALLBACKS
    }

    public Pace {
        seconds = Map.copyOf(seconds);
    }

    /** Steps that were measured. */
    double steps() {
        return stepsPerSecond
                * (seconds(Part.DATA) + seconds(Part.FORWARD) + seconds(Part.BACKWARD) + seconds(Part.UPDATE));
    }

    private double seconds(Part part) {
        return seconds.getOrDefault(part, 0.0);
    }

    double allSeconds() {
        double all = 0;
        for (Part each : Part.values()) { // in a fixed order, so that the sum is always the same
            all += seconds(each);
        }
        return all;
    }

    /** The fraction of the time that a part takes. */
    double share(Part part) {
        double all = allSeconds();
        return all > 0 ? seconds(part) / all : 0;
    }
}
