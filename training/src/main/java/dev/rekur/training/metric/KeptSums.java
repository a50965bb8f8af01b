package dev.rekur.training.metric;

import dev.rekur.error.InvalidInputException;

/** Several arrays of sums in one, for {@link MetricState#sums}, and back. */
final class KeptSums {
    private KeptSums() {}

    /**
     * @throws InvalidInputException unless what was kept fits
     */
    static void require(double[] sums, boolean fits) {
        if (!fits) {
            throw new InvalidInputException(
                    "a metric: the " + sums.length + " sums that were kept are none of it. Were they"
                            + " kept by a training with the same metrics?",
                    "docs/TROUBLESHOOTING.md#resume");
        }
    }

    static double[] join(double[]... parts) {
        int size = 0;
        for (double[] part : parts) {
            size += part.length;
        }
        double[] joined = new double[size];
        int at = 0;
        for (double[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    /** The reverse of {@link #join}, into parts that are there. */
    static void split(double[] joined, double[]... parts) {
        int at = 0;
        for (double[] part : parts) {
            System.arraycopy(joined, at, part, 0, part.length);
            at += part.length;
        }
    }
}
