package dev.rekur.layer.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * FarmHash's {@code Fingerprint64}, which {@code tf.strings.to_hash_bucket_fast} takes the remainder of.
 *
 * <p>The function is {@code farmhashna::Hash64} of <a href="https://github.com/google/farmhash">google/farmhash</a>, and
 * promised never to change. Letters are those of the original.
 */
final class FarmHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long K0 = 0xc3a5c85c97cb3127L;
    private static final long K1 = 0xb492b66fbe98f273L;
    private static final long K2 = 0x9ae16a3b2f90404fL;
    private static final long SEED = 81;

    private FarmHash() {}

    /** The fingerprint of the bytes, unsigned. */
    static long fingerprint64(byte[] s) {
        int length = s.length;
        if (length <= 16) {
            return upTo16(s, length);
        }
        if (length <= 32) {
            return upTo32(s, length);
        }
        return length <= 64 ? upTo64(s, length) : longer(s, length, SEED);
    }

    private static long upTo16(byte[] s, int length) {
        long mul = K2 + length * 2L;
        if (length >= 8) {
            long a = word(s, 0) + K2;
            long b = word(s, length - 8);
            long c = Long.rotateRight(b, 37) * mul + a;
            long d = (Long.rotateRight(a, 25) + b) * mul;
            return mix(c, d, mul);
        }
        if (length >= 4) {
            return mix(length + (half(s, 0) << 3), half(s, length - 4), mul);
        }
        if (length > 0) {
            int y = (s[0] & 0xff) + ((s[length >> 1] & 0xff) << 8);
            int z = length + ((s[length - 1] & 0xff) << 2);
            return shiftMix(y * K2 ^ z * K0) * K2;
        }
        return K2;
    }

    private static long upTo32(byte[] s, int length) {
        long mul = K2 + length * 2L;
        long a = word(s, 0) * K1;
        long b = word(s, 8);
        long c = word(s, length - 8) * mul;
        long d = word(s, length - 16) * K2;
        return mix(
                Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d, a + Long.rotateRight(b + K2, 18) + c, mul);
    }

    private static long upTo64(byte[] s, int length) {
        long mul = K2 + length * 2L;
        long a = word(s, 0) * K2;
        long b = word(s, 8);
        long c = word(s, length - 8) * mul;
        long d = word(s, length - 16) * K2;
        long y = Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d;
        long z = mix(y, a + Long.rotateRight(b + K2, 18) + c, mul);
        long e = word(s, 16) * mul;
        long f = word(s, 24);
        long g = (y + word(s, length - 32)) * mul;
        long h = (z + word(s, length - 24)) * mul;
        return mix(Long.rotateRight(e + f, 43) + Long.rotateRight(g, 30) + h, e + Long.rotateRight(f + a, 18) + g, mul);
    }

    /** Blocks of 64 bytes, and the last 64 once more, which overlap the blocks before them. */
    private static long longer(byte[] s, int length, long seed) {
        long x = seed * K2 + word(s, 0);
        long y = seed * K1 + 113;
        long z = shiftMix(y * K2 + 113) * K2;
        Pair v = new Pair();
        Pair w = new Pair();
        int end = (length - 1) / 64 * 64;
        for (int at = 0; at < end; at += 64) {
            x = Long.rotateRight(x + y + v.first + word(s, at + 8), 37) * K1;
            y = Long.rotateRight(y + v.second + word(s, at + 48), 42) * K1;
            x ^= w.second;
            y += v.first + word(s, at + 40);
            z = Long.rotateRight(z + w.first, 33) * K1;
            v.set(s, at, v.second * K1, x + w.first);
            w.set(s, at + 32, z + w.second, y + word(s, at + 16));
            long swapped = z;
            z = x;
            x = swapped;
        }
        long mul = K1 + ((z & 0xff) << 1);
        int at = length - 64;
        w.first += (length - 1) & 63;
        v.first += w.first;
        w.first += v.first;
        x = Long.rotateRight(x + y + v.first + word(s, at + 8), 37) * mul;
        y = Long.rotateRight(y + v.second + word(s, at + 48), 42) * mul;
        x ^= w.second * 9;
        y += v.first * 9 + word(s, at + 40);
        z = Long.rotateRight(z + w.first, 33) * mul;
        v.set(s, at, v.second * mul, x + w.first);
        w.set(s, at + 32, z + w.second, y + word(s, at + 16));
        return mix(mix(v.first, w.first, mul) + shiftMix(y) * K0 + x, mix(v.second, w.second, mul) + z, mul);
    }

    private static long mix(long u, long v, long mul) {
        long a = (u ^ v) * mul;
        a ^= a >>> 47;
        long b = (v ^ a) * mul;
        b ^= b >>> 47;
        return b * mul;
    }

    private static long shiftMix(long value) {
        return value ^ value >>> 47;
    }

    private static long word(byte[] s, int at) {
        return (long) LONGS.get(s, at);
    }

    private static long half(byte[] s, int at) {
        return (int) INTS.get(s, at) & 0xffffffffL;
    }

    /** Two running words; {@code WeakHashLen32WithSeeds}. */
    private static final class Pair {
        private long first;
        private long second;

        void set(byte[] s, int at, long seedA, long seedB) {
            long z = word(s, at + 24);
            long a = seedA + word(s, at);
            long b = Long.rotateRight(seedB + a + z, 21);
            long c = a;
            a += word(s, at + 8) + word(s, at + 16);
            b += Long.rotateRight(a, 44);
            first = a + z;
            second = b + c;
        }
    }
}
