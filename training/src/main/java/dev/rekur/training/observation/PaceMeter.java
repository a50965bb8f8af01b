package dev.rekur.training.observation;

import dev.rekur.training.diagnosis.Pace;
import dev.rekur.training.diagnosis.Pace.Part;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Measures where the time of a training goes. Begins behind the first step, which makes plans and is slow once. */
final class PaceMeter {
    private static final double NANOS = 1e9;

    private final long[] nanos = new long[Part.values().length];
    private long last = System.nanoTime();
    private int steps = -1;

    /** Says what the time since the last call went into. A step ends with {@link Part#UPDATE}. */
    void spent(Part part) {
        long now = System.nanoTime();
        if (steps >= 0) {
            nanos[part.ordinal()] += now - last;
        }
        if (part == Part.UPDATE) {
            steps++;
        }
        last = now;
    }

    /** What was measured; empty before the second step has ended. */
    Optional<Pace> pace() {
        double training = seconds(Part.DATA) + seconds(Part.FORWARD) + seconds(Part.BACKWARD) + seconds(Part.UPDATE);
        if (steps < 1 || training == 0) {
            return Optional.empty();
        }
        Map<Part, Double> seconds = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            seconds.put(part, seconds(part));
        }
        return Optional.of(new Pace(steps / training, seconds));
    }

    private double seconds(Part part) {
        return nanos[part.ordinal()] / NANOS;
    }
}
