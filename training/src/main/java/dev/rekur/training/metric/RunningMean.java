package dev.rekur.training.metric;

/**
 * A weighted mean over batches, such as Keras's {@code loss} of an epoch: {@code keras.metrics.Mean}. In double, in the
 * order of the additions.
 */
public final class RunningMean {
    private double total;
    private double count;

    /** Without values. */
    public RunningMean() {}

    /** Adds a value that stands for {@code weight} rows. */
    public void add(double value, double weight) {
        addSum(value * weight, weight);
    }

    /** Adds values that sum to {@code sum} and whose weights sum to {@code weight}. */
    void addSum(double sum, double weight) {
        total += sum;
        count += weight;
    }

    /** The mean so far; 0 if nothing was added. */
    public double result() {
        return count == 0 ? 0 : total / count;
    }

    /** The sum so far. */
    public double total() {
        return total;
    }

    /** The weight so far. */
    public double count() {
        return count;
    }

    /** Takes up where another left off: what {@link #total} and {@link #count} were. */
    public void restore(double savedTotal, double savedCount) {
        total = savedTotal;
        count = savedCount;
    }

    /** Forgets everything. */
    public void reset() {
        total = 0;
        count = 0;
    }
}
