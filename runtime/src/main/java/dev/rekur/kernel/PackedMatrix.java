package dev.rekur.kernel;

import dev.rekur.tensor.FloatTensor;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A matrix {@code [rows, columns]} laid out for {@link Kernels#multiply}: panels of {@value #PANEL} columns, one after
 * the other, each row by row; the last panel is as wide as what is left, rounded up to {@value #LANES} and padded with
 * zeros. Kernels thus read whole vectors only, in ascending addresses.
 *
 * <p>Read-only for whoever multiplies with it. Training refills it at each step, in place; nobody may use it meanwhile, and
 * whoever hands it on to other threads afterwards does so safely, as with any array.
 */
public final class PackedMatrix {
    /** Columns of a full panel. */
    public static final int PANEL = 64;

    /** Widths are rounded up to this: the widest vector there is, in floats. */
    public static final int LANES = 16;

    private final int rows;
    private final int columns;
    private final float[] values;

    /** For {@link WarmingKernels}: no part of the value, and created when first asked for. */
    private final @Nullable Warmth[] warmth = new Warmth[8];

    /** The same matrix row by row, while scalar kernels need it. */
    private float @Nullable [][] rowArrays;

    private PackedMatrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /** A matrix of zeros, to be filled. */
    public static PackedMatrix of(int rows, int columns) {
        return new PackedMatrix(rows, columns, new float[Math.multiplyExact(rows, padded(columns))]);
    }

    /**
     * Packs a tensor of shape {@code [rows, columns]}.
     *
     * @throws IllegalArgumentException if it has another rank
     */
    public static PackedMatrix pack(FloatTensor matrix) {
        if (matrix.shape().rank() != 2) {
            throw new IllegalArgumentException("expected a matrix, found a tensor of shape " + matrix.shape()
                    + "; say which dimensions are columns");
        }
        int rows = matrix.shape().dimension(0);
        int columns = matrix.shape().dimension(1);
        return pack(matrix, rows, columns, 0, columns);
    }

    /** Packs columns {@code firstColumn} to {@code firstColumn + columns - 1} of a tensor {@code [rows, allColumns]}. */
    public static PackedMatrix pack(FloatTensor matrix, int rows, int allColumns, int firstColumn, int columns) {
        PackedMatrix packed = of(rows, columns);
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = packed.panelWidth(panel);
            int filled = Math.min(PANEL, columns - panel);
            for (int i = 0; i < rows; i++) {
                matrix.copyTo(
                        i * allColumns + firstColumn + panel, packed.values, packed.panelAt(panel) + i * width, filled);
            }
        }
        return packed;
    }

    private static int padded(int columns) {
        return (columns + LANES - 1) / LANES * LANES;
    }

    /**
     * Replaces all elements by those of an array: row {@code i} begins at {@code source[at + i * rowStride]}. Allocates
     * nothing.
     */
    public void fill(float[] source, int at, int rowStride) {
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = panelWidth(panel);
            int filled = Math.min(PANEL, columns - panel);
            int to = panelAt(panel);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(source, at + i * rowStride + panel, values, to + i * width, filled);
            }
        }
        refillRowArrays();
    }

    /**
     * Replaces all elements by those of the transpose of an array's matrix {@code [columns, rows]}: column {@code j} begins at
     * {@code source[at + j * rowStride]}. Allocates nothing.
     */
    public void fillTransposed(float[] source, int at, int rowStride) {
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = panelWidth(panel);
            int filled = Math.min(PANEL, columns - panel);
            int from = at + panel * rowStride;
            // sixteen rows of a panel fit into the first-level cache, and sixteen elements of a source row are a line
            // of it
            for (int i = 0; i < rows; i += LANES) {
                int count = Math.min(LANES, rows - i);
                transpose(source, from + i, rowStride, filled, count, values, panelAt(panel) + i * width, width);
            }
        }
        refillRowArrays();
    }

    /** {@code to[toAt + i * width + j] = from[at + j * stride + i]} for i below {@code count} and j below {@code columns}. */
    private static void transpose(
            float[] from, int at, int stride, int columns, int count, float[] to, int toAt, int width) {
        int j = 0;
        // by four, so that four neighbours are written at a time
        for (; j + 4 <= columns; j += 4) {
            int at0 = at + j * stride;
            int at1 = at0 + stride;
            int at2 = at1 + stride;
            int at3 = at2 + stride;
            for (int i = 0, t = toAt + j; i < count; i++, t += width) {
                to[t] = from[at0 + i];
                to[t + 1] = from[at1 + i];
                to[t + 2] = from[at2 + i];
                to[t + 3] = from[at3 + i];
            }
        }
        for (; j < columns; j++) {
            for (int i = 0, t = toAt + j; i < count; i++, t += width) {
                to[t] = from[at + j * stride + i];
            }
        }
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** The panels; not to be written to. */
    public float[] values() {
        return values;
    }

    /** Where the panel that begins at column {@code firstColumn}, a multiple of {@value #PANEL}, begins in {@link #values}. */
    public int panelAt(int firstColumn) {
        return firstColumn * rows;
    }

    /** Width of that panel in floats: the distance from one of its rows to the next. */
    public int panelWidth(int firstColumn) {
        return Math.min(PANEL, padded(columns) - firstColumn);
    }

    /**
     * One array for each row, {@link #columns} long, as {@link ScalarKernels} wants it; not to be written to. Made when first
     * asked for: it costs as much memory again.
     */
    float[][] rowArrays() {
        float[][] made = rowArrays;
        if (made == null) {
            made = new float[rows][columns];
            copyTo(made);
            // another thread that sees the array must see what is in it
            VarHandle.releaseFence();
            rowArrays = made;
        }
        return made;
    }

    private void refillRowArrays() {
        float[][] made = rowArrays;
        if (made != null) {
            copyTo(made);
        }
    }

    private void copyTo(float[][] rowByRow) {
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = panelWidth(panel);
            int filled = Math.min(PANEL, columns - panel);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(values, panelAt(panel) + i * width, rowByRow[i], panel, filled);
            }
        }
    }

    /** Gives back the memory of {@link #rowArrays}; they are made again if need be. */
    void forgetRowArrays() {
        rowArrays = null;
    }

    /** How warm the vector kernels are for products of this matrix with {@code r} rows: by which tiles they need. */
    Warmth warmth(int r) {
        int kind = r < 4 ? r : 4 + r % 4;
        Warmth known = warmth[kind];
        if (known == null) {
            known = WarmingKernels.product(kind, columns);
            warmth[kind] = known;
        }
        return known;
    }
}
