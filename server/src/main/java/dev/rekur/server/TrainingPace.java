package dev.rekur.server;

/** How fast a training goes, and when it will be over. Times are nanoseconds of one clock; epochs and batches count from 0. */
final class TrainingPace {
    private static final double SECOND = 1e9;

    private long begun;
    private long epochBegun;
    private long lastEnd;
    private int firstBatch;
    private int epochsDone;

    void trainBegin(long now) {
        begun = now;
        epochBegun = now;
        epochsDone = 0;
    }

    void epochBegin(long now) {
        epochResumed(now, 0);
    }

    /** An epoch goes on with a batch. */
    void epochResumed(long now, int batch) {
        epochBegun = now;
        firstBatch = batch;
    }

    void epochEnd(long now) {
        lastEnd = now;
        epochsDone++;
    }

    /** Batches a second in this epoch, after a batch; NaN if no time has passed. */
    double stepsPerSecond(long now, int batch) {
        return now > epochBegun ? (batch + 1 - firstBatch) * SECOND / (now - epochBegun) : Double.NaN;
    }

    /**
     * Seconds until all epochs are over, validation included once it was seen; NaN as long as nobody can know. A callback may
     * end the training sooner.
     *
     * @param steps batches of an epoch; 0 if unknown
     */
    double secondsLeft(long now, int batch, int steps, int epoch, int epochs) {
        double inEpoch = (now - epochBegun) / SECOND;
        if (epochsDone > 0) {
            double perEpoch = (lastEnd - begun) / SECOND / epochsDone;
            return Math.max(0, perEpoch - inEpoch) + perEpoch * Math.max(0, epochs - epoch - 1);
        }
        if (steps <= 0) {
            return Double.NaN;
        }
        double perStep = inEpoch / (batch + 1 - firstBatch);
        return perStep * (steps - batch - 1 + (double) steps * Math.max(0, epochs - epoch - 1));
    }
}
