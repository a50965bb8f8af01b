package dev.rekur.kernel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scalar kernels first, vector kernels once they are worth it. Both give the same bits, so that nobody can see the change
 * but on a clock.
 *
 * <p>Until HotSpot's server compiler has compiled it, a vector instruction is several method calls and an object: the first
 * prediction of a stacked recurrent network in a fresh JVM took 700 milliseconds on vector kernels and 30 on scalar ones
 * (Drive, see the benchmarks). So the first {@value #COLD_WORK} multiply-adds run on scalar kernels alone; a program that
 * predicts once never loads a vector class. After that, each matrix and each function tries its vector kernel on a small part
 * of the work, for half of the time, until it has been faster often enough; from then on calls go straight there.
 */
final class WarmingKernels implements Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(WarmingKernels.class);

    /** Multiply-adds before vector kernels are tried: about a tenth of a second of scalar work. */
    static final long COLD_WORK = 150_000_000;

    /** Elements that a function's vector kernel is tried on at a time. */
    private static final int TRIAL_ELEMENTS = 256;

    /** Shorter rows are not worth a trial. */
    private static final int LEAST_ELEMENTS = 16;

    private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

    private final KernelProvider provider;
    private final Warmth[] functions = new Warmth[Activation.values().length];
    private final Warmth sum = new Warmth();
    private final Warmth sumOfSquares = new Warmth();
    private @Nullable Kernels vector;
    private boolean vectorsFailed;
    private long work;

    WarmingKernels(KernelProvider provider) {
        this.provider = provider;
        for (int i = 0; i < functions.length; i++) {
            functions[i] = new Warmth();
        }
    }

    /** The vector kernels' name, also while they are cold: before they are loaded, the provider's. */
    @Override
    public String name() {
        Kernels loaded = vector;
        return loaded == null ? provider.name() : loaded.name();
    }

    @Override
    public void multiply(
            int rows,
            float[] x,
            int xAt,
            int xStride,
            PackedMatrix w,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride) {
        Warmth warmth = w.warmth(rows);
        Kernels chosen = warmth.chosen();
        if (chosen != null) {
            chosen.multiply(rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
            return;
        }
        Kernels trial = vectorIfTime((long) rows * w.rows() * w.columns());
        if (trial == null || rows == 0) {
            SCALAR.multiply(rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
            return;
        }
        long start = System.nanoTime();
        if (!warmth.isVectorsTurn()) {
            SCALAR.multiply(rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
            warmth.timedScalar(System.nanoTime() - start, rows);
            return;
        }
        // few rows only, since a cold vector kernel may take milliseconds for one; yet all tiles that these rows need
        int tried = rows < 4 ? rows : 4 + rows % 4;
        trial.multiply(tried, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
        warmth.timedVector(System.nanoTime() - start, tried, trial);
        SCALAR.multiply(
                rows - tried,
                x,
                xAt + tried * xStride,
                xStride,
                w,
                init,
                initAt + tried * initStride,
                initStride,
                out,
                outAt + tried * outStride,
                outStride);
    }

    @Override
    public void activate(Activation function, float[] values, int at, int length) {
        Warmth warmth = functions[function.ordinal()];
        Kernels chosen = warmth.chosen();
        if (chosen != null) {
            chosen.activate(function, values, at, length);
            return;
        }
        Kernels trial = vectorIfTime(length);
        if (trial == null || length < LEAST_ELEMENTS) {
            SCALAR.activate(function, values, at, length);
            return;
        }
        long start = System.nanoTime();
        if (!warmth.isVectorsTurn()) {
            SCALAR.activate(function, values, at, length);
            warmth.timedScalar(System.nanoTime() - start, length);
            return;
        }
        int tried = Math.min(length, TRIAL_ELEMENTS);
        trial.activate(function, values, at, tried);
        warmth.timedVector(System.nanoTime() - start, tried, trial);
        SCALAR.activate(function, values, at + tried, length - tried);
    }

    @Override
    public float sum(float[] values, int at, int length) {
        Kernels chosen = sum.chosen();
        if (chosen != null) {
            return chosen.sum(values, at, length);
        }
        Kernels trial = vectorIfTime(length);
        if (trial == null || length < LEAST_ELEMENTS) {
            return SCALAR.sum(values, at, length);
        }
        long start = System.nanoTime();
        if (sum.isVectorsTurn()) {
            float result = trial.sum(values, at, length);
            sum.timedVector(System.nanoTime() - start, length, trial);
            return result;
        }
        float result = SCALAR.sum(values, at, length);
        sum.timedScalar(System.nanoTime() - start, length);
        return result;
    }

    @Override
    public float sumOfSquares(float[] values, int at, int length, float center) {
        Kernels chosen = sumOfSquares.chosen();
        if (chosen != null) {
            return chosen.sumOfSquares(values, at, length, center);
        }
        Kernels trial = vectorIfTime(length);
        if (trial == null || length < LEAST_ELEMENTS) {
            return SCALAR.sumOfSquares(values, at, length, center);
        }
        long start = System.nanoTime();
        if (sumOfSquares.isVectorsTurn()) {
            float result = trial.sumOfSquares(values, at, length, center);
            sumOfSquares.timedVector(System.nanoTime() - start, length, trial);
            return result;
        }
        float result = SCALAR.sumOfSquares(values, at, length, center);
        sumOfSquares.timedScalar(System.nanoTime() - start, length);
        return result;
    }

    /** The vector kernels, or null until {@link #COLD_WORK} is done. */
    private @Nullable Kernels vectorIfTime(long newWork) {
        Kernels loaded = vector;
        if (loaded == null && !vectorsFailed) {
            work += newWork;
            if (work >= COLD_WORK) {
                loaded = load();
            }
        }
        return loaded;
    }

    private @Nullable Kernels load() {
        try {
            vector = provider.kernels();
        } catch (UnsupportedOperationException e) {
            vectorsFailed = true;
            LOG.warn("{} kernels cannot run after all, scalar kernels stay: {}", provider.name(), e.getMessage());
        }
        return vector;
    }
}
