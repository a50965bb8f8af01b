package dev.rekur.cli;

import java.util.Arrays;

/** Durations of calls. Room is taken once; where it ends, every other duration is kept from then on. */
final class LatencyRecord {
    private static final int ROOM = 1 << 20;

    private final long[] nanos = new long[ROOM];
    private int kept;
    private long stride = 1;
    private long calls;

    void add(long duration) {
        if (calls++ % stride != 0) {
            return;
        }
        if (kept == ROOM) {
            for (int i = 0; i < ROOM / 2; i++) {
                nanos[i] = nanos[2 * i];
            }
            kept = ROOM / 2;
            stride *= 2;
        }
        nanos[kept++] = duration;
    }

    long calls() {
        return calls;
    }

    /** Durations in ascending order. */
    Sorted sorted() {
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        return new Sorted(sorted);
    }

    /** Durations in ascending order. */
    static final class Sorted {
        private final long[] nanos;

        private Sorted(long[] nanos) {
            this.nanos = nanos;
        }

        /** The duration that {@code percent} of the calls do not exceed, in microseconds. */
        double micros(double percent) {
            int index = (int) Math.ceil(percent / 100 * nanos.length) - 1;
            return nanos[Math.max(0, index)] / 1000.0;
        }
    }
}
