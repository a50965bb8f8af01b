package dev.rekur.kernel;

/**
 * Random numbers without state: the number at an index is a function of a key and that index, whoever asks, in whatever
 * order, on however many threads. So a training is the same at any thread count, and can be taken up again anywhere.
 *
 * <p>With {@code mix} the finalizer of SplitMix64 (variant 13 of Stafford's murmur mixers), {@code g} = 0x9E3779B97F4A7C15:
 *
 * <pre>{@code
 * bits(key, index) = mix(mix(key + g) + (index + 1) * g)
 * }</pre>
 *
 * <p>For a fixed key these are the outputs of a SplitMix64 generator seeded with {@code mix(key + g)}, which passes BigCrush
 * and repeats no value within 2^64; keys that differ in one bit give unrelated sequences. Keras's own generators (Philox,
 * Threefry) cannot be reproduced across its backends either, so the distribution is what can agree.
 *
 * <p>Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
 */
public final class RandomNumbers {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Bounds of a truncated normal, in standard deviations: TensorFlow's. */
    private static final double TRUNCATION = 2;

    private RandomNumbers() {}

    /** 64 random bits. */
    public static long bits(long key, long index) {
        return mix(mix(key + GOLDEN) + (index + 1) * GOLDEN);
    }

    /**
     * A key of its own for each label: a layer, a step, an epoch. Chains: {@code key(key(seed, epoch), layer)}.
     *
     * <p>Takes the bits from another constant than {@link #bits}, so that no key equals a number drawn from its parent.
     */
    public static long key(long parent, long label) {
        return mix(mix(parent ^ 0xD1B54A32D192ED03L) + (label + 1) * GOLDEN);
    }

    /** Uniform on [0, 1), a multiple of 2^-24. */
    public static float uniform(long key, long index) {
        return (bits(key, index) >>> 40) * 0x1p-24f;
    }

    /** Uniform on [0, 1), a multiple of 2^-53. */
    public static double uniformDouble(long key, long index) {
        return (bits(key, index) >>> 11) * 0x1p-53;
    }

    /** Uniform on 0 to {@code bound - 1}; off by less than {@code bound / 2^63} from equal chances. */
    public static int integer(long key, long index, int bound) {
        return (int) Math.multiplyHigh(bits(key, index) >>> 1, 2L * bound);
    }

    /** Normal, with mean 0 and standard deviation 1: Box and Muller's cosine, from two numbers of the index's own. */
    public static double normal(long key, long index) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniformDouble(key, 2 * index)));
        return radius * StrictMath.cos(2 * Math.PI * uniformDouble(key, 2 * index + 1));
    }

    /**
     * Normal, drawn anew until it lies within two standard deviations, as TensorFlow's {@code truncated_normal} does. Its
     * standard deviation is 0.8796.
     */
    public static double truncatedNormal(long key, long index) {
        double value = normal(key, index);
        for (long attempt = 0; Math.abs(value) > TRUNCATION; attempt++) {
            value = normal(key(key, attempt), index);
        }
        return value;
    }

    /**
     * A random order of 0 to {@code count - 1} (Fisher and Yates), every one about equally likely.
     *
     * @param order receives it; at least {@code count} long
     */
    public static void permutation(long key, int count, int[] order) {
        for (int i = 0; i < count; i++) {
            int j = integer(key, i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }

    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
