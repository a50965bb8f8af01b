package dev.rekur.kernel;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scalar kernels first, vector kernels once they are worth it. Both give the same bits, so that nobody can see the change
 * but on a clock.
 *
 * <p>Until HotSpot's server compiler has compiled it, a vector instruction is several method calls and an object: the first
 * prediction of a stacked recurrent network in a fresh JVM took 700 milliseconds on vector kernels and 30 on scalar ones
 * ({@code benchmarks/run first}). So the first {@value #COLD_WORK} multiply-adds run on scalar kernels alone; a program that
 * predicts once never loads a vector class. After that, each call spends as much time on warming up the vector kernel that
 * it needs as on its work, until that kernel is faster; from then on such calls go straight there.
 */
final class WarmingKernels implements Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(WarmingKernels.class);

    /** Multiply-adds before vector kernels are tried: about a tenth of a second of scalar work. */
    static final long COLD_WORK = 150_000_000;

    /** Elements that a function or a sum is tried on. */
    private static final int ELEMENTS = 64;

    /** Terms of a product tried: enough for HotSpot to see a loop. */
    private static final int TERMS = 16;

    private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

    private final KernelProvider provider;
    private final Warmth[] functions = new Warmth[Activation.values().length];
    private final Warmth[] gradients = new Warmth[Activation.values().length];
    private final @Nullable Warmth[][] transposed = new Warmth[8][256];
    private final Warmth sum;
    private final Warmth sumOfSquares;
    private final Warmth normalize;
    private final Warmth dropout;
    private @Nullable Kernels vector;
    private boolean vectorsFailed;
    private long work;

    WarmingKernels(KernelProvider provider) {
        this.provider = provider;
        float[] values = new float[ELEMENTS];
        float[] gradient = new float[ELEMENTS];
        for (Activation function : Activation.values()) {
            functions[function.ordinal()] = new Warmth(kernels -> kernels.activate(function, values, 0, ELEMENTS));
            gradients[function.ordinal()] =
                    new Warmth(kernels -> kernels.activationGradient(function, values, 0, gradient, 0, ELEMENTS));
        }
        sum = new Warmth(kernels -> values[0] = kernels.sum(values, 0, ELEMENTS));
        normalize =
                new Warmth(kernels -> kernels.normalize(values, 0, 0f, 1f, gradient, gradient, values, 0, ELEMENTS));
        dropout = new Warmth(kernels -> kernels.dropout(0, 1, 1f, values, 0, values, 0, ELEMENTS));
        sumOfSquares = new Warmth(kernels -> values[0] = kernels.sumOfSquares(values, 0, ELEMENTS, 0f));
    }

    /** What warms up products of {@code rows} rows, less than 8, with a matrix of so many columns: the same tiles. */
    static Warmth product(int rows, int columns) {
        int across = columns < 256 ? columns : 128 + columns % 128;
        PackedMatrix w = PackedMatrix.pack(FloatTensor.wrap(Shape.of(TERMS, across), new float[TERMS * across]));
        float[] x = new float[rows * TERMS];
        float[] out = new float[rows * across + PackedMatrix.LANES];
        return new Warmth(kernels -> kernels.multiply(rows, x, 0, TERMS, w, out, 0, across, out, 0, across));
    }

    /**
     * What warms up transposed products with the same tiles as one of so many inputs and columns. Unlike {@link #product}'s, it
     * belongs to no matrix; which tiles there are repeats with the inputs by four, and with the columns by at most 128.
     */
    private Warmth transposed(int inputs, int columns) {
        int rows = inputs < 4 ? inputs : 4 + inputs % 4;
        int across = columns < 128 ? columns : 128 + columns % 128;
        Warmth known = transposed[rows][across];
        if (known == null) {
            float[] x = new float[TERMS * rows];
            float[] dz = new float[TERMS * across + PackedMatrix.LANES];
            float[] out = new float[rows * across + PackedMatrix.LANES];
            known = new Warmth(kernels ->
                    kernels.addTransposedProduct(TERMS, x, 0, rows, rows, dz, 0, across, across, out, 0, across));
            transposed[rows][across] = known;
        }
        return known;
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
        Kernels warming = vectorIfTime((long) rows * w.rows() * w.columns());
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.multiply(rows, x, xAt, xStride, w, init, initAt, initStride, out, outAt, outStride);
        if (warming != null) {
            warmth.spend(System.nanoTime() - start, warming);
            if (warmth.chosen() == warming) {
                w.forgetRowArrays();
            }
        }
    }

    @Override
    public void addTransposedProduct(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int inputs,
            float[] dz,
            int dzAt,
            int dzStride,
            int columns,
            float[] out,
            int outAt,
            int outStride) {
        Warmth warmth = transposed(inputs, columns);
        Kernels chosen = warmth.chosen();
        if (chosen != null) {
            chosen.addTransposedProduct(
                    terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, out, outAt, outStride);
            return;
        }
        Kernels warming = vectorIfTime((long) terms * inputs * columns);
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.addTransposedProduct(terms, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, out, outAt, outStride);
        if (warming != null) {
            warmth.spend(System.nanoTime() - start, warming);
        }
    }

    @Override
    public void activate(Activation function, float[] values, int at, int length) {
        Warmth warmth = functions[function.ordinal()];
        Kernels chosen = warmth.chosen();
        if (chosen != null) {
            chosen.activate(function, values, at, length);
            return;
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.activate(function, values, at, length);
        if (warming != null) {
            warmth.spend(System.nanoTime() - start, warming);
        }
    }

    @Override
    public void activationGradient(
            Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length) {
        Warmth warmth = gradients[function.ordinal()];
        Kernels chosen = warmth.chosen();
        if (chosen != null) {
            chosen.activationGradient(function, saved, savedAt, gradient, gradientAt, length);
            return;
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.activationGradient(function, saved, savedAt, gradient, gradientAt, length);
        if (warming != null) {
            warmth.spend(System.nanoTime() - start, warming);
        }
    }

    /** For loops over elements, which are too short to be measured: vectors as soon as they may be tried. */
    private Kernels ofElements(int length) {
        Kernels loaded = vectorIfTime(length);
        return loaded == null ? SCALAR : loaded;
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int length) {
        ofElements(length).add(x, xAt, y, yAt, length);
    }

    @Override
    public void product(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        ofElements(length).product(x, xAt, factors, factorsAt, y, yAt, length);
    }

    @Override
    public void addProduct(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        ofElements(length).addProduct(x, xAt, factors, factorsAt, y, yAt, length);
    }

    @Override
    public void standardize(float[] x, int xAt, float center, float scale, float[] y, int yAt, int length) {
        ofElements(length).standardize(x, xAt, center, scale, y, yAt, length);
    }

    @Override
    public void normalize(
            float[] x,
            int xAt,
            float center,
            float scale,
            float[] gamma,
            float[] beta,
            float[] y,
            int yAt,
            int length) {
        Kernels chosen = normalize.chosen();
        if (chosen != null) {
            chosen.normalize(x, xAt, center, scale, gamma, beta, y, yAt, length);
            return;
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.normalize(x, xAt, center, scale, gamma, beta, y, yAt, length);
        if (warming != null) {
            normalize.spend(System.nanoTime() - start, warming);
        }
    }

    @Override
    public void standardizeGradient(
            float[] xn, int xnAt, float mean, float slope, float scale, float[] dy, int dyAt, int length) {
        ofElements(length).standardizeGradient(xn, xnAt, mean, slope, scale, dy, dyAt, length);
    }

    @Override
    public void dropout(long key, int threshold, float scale, float[] x, int xAt, float[] y, int yAt, int length) {
        Kernels chosen = dropout.chosen();
        if (chosen != null) {
            chosen.dropout(key, threshold, scale, x, xAt, y, yAt, length);
            return;
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        SCALAR.dropout(key, threshold, scale, x, xAt, y, yAt, length);
        if (warming != null) {
            dropout.spend(System.nanoTime() - start, warming);
        }
    }

    @Override
    public void flush(float[] values, int at, int length) {
        ofElements(length).flush(values, at, length);
    }

    @Override
    public float sum(float[] values, int at, int length) {
        Kernels chosen = sum.chosen();
        if (chosen != null) {
            return chosen.sum(values, at, length);
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        float result = SCALAR.sum(values, at, length);
        if (warming != null) {
            sum.spend(System.nanoTime() - start, warming);
        }
        return result;
    }

    @Override
    public float sumOfSquares(float[] values, int at, int length, float center) {
        Kernels chosen = sumOfSquares.chosen();
        if (chosen != null) {
            return chosen.sumOfSquares(values, at, length, center);
        }
        Kernels warming = vectorIfTime(length);
        long start = warming == null ? 0 : System.nanoTime();
        float result = SCALAR.sumOfSquares(values, at, length, center);
        if (warming != null) {
            sumOfSquares.spend(System.nanoTime() - start, warming);
        }
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
