package dev.rekur.benchmark;

import java.util.Arrays;
import java.util.Collection;

/** The value in the middle. */
final class Median {
    private Median() {}

    /** Of at least one value; of an even number, the mean of the two in the middle. */
    static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
