package dev.rekur.kernel;

import dev.rekur.tensor.FloatTensor;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A matrix {@code [rows, columns]} laid out for {@link Kernels#multiply}: panels of {@value #PANEL} columns, one after
 * the other, each row by row; the last panel is as wide as what is left, rounded up to {@value #LANES} and padded with
 * zeros. Kernels thus read whole vectors only, in ascending addresses. Read-only.
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

    /** Packs a tensor of shape {@code [rows, columns]}. */
    public static PackedMatrix pack(FloatTensor matrix) {
        int rows = matrix.shape().dimension(0);
        int columns = matrix.shape().dimension(1);
        return pack(matrix, rows, columns, 0, columns);
    }

    /** Packs columns {@code firstColumn} to {@code firstColumn + columns - 1} of a tensor {@code [rows, allColumns]}. */
    public static PackedMatrix pack(FloatTensor matrix, int rows, int allColumns, int firstColumn, int columns) {
        int padded = (columns + LANES - 1) / LANES * LANES;
        float[] values = new float[Math.multiplyExact(rows, padded)];
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = Math.min(PANEL, padded - panel);
            int filled = Math.min(PANEL, columns - panel);
            for (int i = 0; i < rows; i++) {
                matrix.copyTo(i * allColumns + firstColumn + panel, values, panel * rows + i * width, filled);
            }
        }
        return new PackedMatrix(rows, columns, values);
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
        return Math.min(PANEL, (columns + LANES - 1) / LANES * LANES - firstColumn);
    }

    /**
     * One array for each row, {@link #columns} long, as {@link ScalarKernels} wants it; not to be written to. Made when first
     * asked for: it costs as much memory again.
     */
    float[][] rowArrays() {
        float[][] made = rowArrays;
        if (made == null) {
            made = new float[rows][columns];
            for (int panel = 0; panel < columns; panel += PANEL) {
                int width = panelWidth(panel);
                int filled = Math.min(PANEL, columns - panel);
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(values, panelAt(panel) + i * width, made[i], panel, filled);
                }
            }
            // another thread that sees the array must see what is in it
            VarHandle.releaseFence();
            rowArrays = made;
        }
        return made;
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
