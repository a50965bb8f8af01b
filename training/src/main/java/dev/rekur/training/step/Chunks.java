package dev.rekur.training.step;

import java.util.Arrays;

/**
 * Variables cut into pieces of fixed length, the units of work of a step. They do not depend on the number of threads, and so
 * neither does the order in which anything is summed.
 */
public final class Chunks {
    /** Elements of a piece; with slots and gradients it fits the second-level cache. */
    private static final int LENGTH = 16_384;

    private final int[] variables;
    private final int[] begins;
    private final int[] ends;

    /**
     * @param sizes of the variables
     */
    public Chunks(int[] sizes) {
        int count =
                Arrays.stream(sizes).map(size -> (size + LENGTH - 1) / LENGTH).sum();
        variables = new int[count];
        begins = new int[count];
        ends = new int[count];
        int chunk = 0;
        for (int variable = 0; variable < sizes.length; variable++) {
            for (int from = 0; from < sizes[variable]; from += LENGTH) {
                variables[chunk] = variable;
                begins[chunk] = from;
                ends[chunk] = Math.min(from + LENGTH, sizes[variable]);
                chunk++;
            }
        }
    }

    /** Number of pieces. */
    public int count() {
        return variables.length;
    }

    /** Which variable the piece belongs to. */
    public int variable(int chunk) {
        return variables[chunk];
    }

    /** Its first element. */
    public int from(int chunk) {
        return begins[chunk];
    }

    /** Behind its last element. */
    public int to(int chunk) {
        return ends[chunk];
    }
}
