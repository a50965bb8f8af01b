package dev.rekur.layer.text;

/** Sums in the order in which numpy does, for the same last bit: eight running sums, halves beyond 128 numbers. */
final class PairwiseSum {
    private static final int BLOCK = 128;
    private static final int LANES = 8;

    private PairwiseSum() {}

    static double of(double[] x) {
        return sum(x, 0, x.length);
    }

    private static double sum(double[] x, int from, int count) {
        if (count > BLOCK) {
            int half = count / 2;
            half -= half % LANES;
            return sum(x, from, half) + sum(x, from + half, count - half);
        }
        double[] lanes = new double[LANES];
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i++) {
            lanes[i % LANES] += x[from + i];
        }
        double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        for (int i = whole; i < count; i++) {
            sum += x[from + i];
        }
        return sum;
    }
}
