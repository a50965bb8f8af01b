package dev.rekur.kernel;

/**
 * Random numbers by counter: the number is a function of a key and a place, so that shards and threads need not agree on an
 * order, and nothing has to be stored to go on later. The function is that of SplitMix64 (Steele, Lea and Flood, 2014).
 */
public final class CounterRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final float TO_UNIT = 0x1p-24f;

    private CounterRandom() {}

    /** A key that depends on both, for nesting: a seed and a step, say. */
    public static long key(long key, long number) {
        return bits(key, number);
    }

    /** 64 random bits. */
    public static long bits(long key, long place) {
        long z = key + (place + 1) * GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Uniform in [0, 1), a multiple of 2^-24. */
    public static float uniform(long key, long place) {
        return (bits(key, place) >>> 40) * TO_UNIT;
    }
}
