package dev.rekur.kernel;

/**
 * Small random numbers, made for vectors: the draw of an element is a function of a key and of the element's index, and takes
 * nothing but 32-bit integers. What {@link RandomNumbers} are in quality, these are in speed; they decide what dropout keeps.
 *
 * <p>A draw has 16 bits. Elements come in blocks of {@value #BLOCK}: word {@code j} of a block holds the draws of its elements
 * {@code j} (low half) and {@code j + 16} (high half). With {@code k} the key, and {@code mix} a permutation of 32 bits that a
 * search found: for two multiplications, it comes very close to turning each bit of its output with a chance of one half for
 * each bit of its input:
 *
 * <pre>{@code
 * word(k, index) = mix(mix(index + low(k)) + high(k))
 * }</pre>
 *
 * @see <a href="https://github.com/skeeto/hash-prospector/issues/19">hash-prospector: New best known 2-round 32-bit function</a>
 */
public final class Draws {
    /** Elements of a block. */
    public static final int BLOCK = 32;

    /** Words of a block. */
    public static final int WORDS = BLOCK / 2;

    /** How many different draws there are. */
    public static final int RANGE = 1 << 16;

    /** The largest draw; as a mask, the low half of a word. */
    public static final int MASK = RANGE - 1;

    /** What {@code mix} multiplies by first. */
    public static final int FIRST_FACTOR = 0x21f0aaad;

    /** What {@code mix} multiplies by then. */
    public static final int SECOND_FACTOR = 0x735a2d97;

    private Draws() {}

    /** Added to a word's index. */
    public static int low(long key) {
        return (int) key;
    }

    /** Added to what comes out of the first {@code mix}. */
    public static int high(long key) {
        return (int) (key >>> 32);
    }

    /** A word of two draws. */
    public static int word(long key, int index) {
        return mix(mix(index + low(key)) + high(key));
    }

    /** The draw of an element, 0 to {@link #MASK}. */
    public static int draw(long key, int element) {
        int within = element % BLOCK;
        int word = word(key, element / BLOCK * WORDS + within % WORDS);
        return within < WORDS ? word & MASK : word >>> 16;
    }

    /** The value, or 0 if the draw is below the threshold; by bits, since a branch would be guessed wrong too often. */
    static float keep(float value, int draw, int threshold) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) & threshold - 1 - draw >> 31);
    }

    /** {@link Kernels#dropout} of some elements, for what is no whole block. */
    public static void dropout(
            long key, int threshold, float scale, float[] x, int xAt, float[] y, int yAt, int from, int to) {
        for (int i = from; i < to; i++) {
            y[yAt + i] = keep(x[xAt + i] * scale, draw(key, i), threshold);
        }
    }

    private static int mix(int x) {
        int y = (x ^ x >>> 16) * FIRST_FACTOR;
        y = (y ^ y >>> 15) * SECOND_FACTOR;
        return y ^ y >>> 15;
    }
}
