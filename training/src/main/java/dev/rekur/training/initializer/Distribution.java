package dev.rekur.training.initializer;

import dev.rekur.kernel.RandomNumbers;

/** The distributions of random initializers: a place and a scale applied to a standard one. */
enum Distribution {
    /** Uniform on [0, 1). */
    UNIFORM {
        @Override
        double draw(long key, long index) {
            return RandomNumbers.uniformDouble(key, index);
        }
    },
    /** Normal. */
    NORMAL {
        @Override
        double draw(long key, long index) {
            return RandomNumbers.normal(key, index);
        }
    },
    /** Normal, within two standard deviations. */
    TRUNCATED_NORMAL {
        @Override
        double draw(long key, long index) {
            return RandomNumbers.truncatedNormal(key, index);
        }
    };

    abstract double draw(long key, long index);

    final void fill(float[] values, int size, double origin, double scale, long key) {
        for (int i = 0; i < size; i++) {
            values[i] = (float) (origin + scale * draw(key, i));
        }
    }
}
