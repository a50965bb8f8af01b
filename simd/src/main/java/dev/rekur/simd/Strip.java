package dev.rekur.simd;

/**
 * A strip of a product: an even number of rows, and as many columns as one tile is wide.
 *
 * <p>Row {@code r} of the left factor and its term {@code i} stand at {@code xAt + r * xStride + i * xStep}: with a step of 1
 * that is a matrix, with a stride of 1 a transposed one.
 */
final class Strip {
    private Strip() {}

    /**
     * Four rows at a time, then two.
     *
     * @param rows an odd last one is left out
     * @param vectors 1, 2, or 4 where there are registers for sixteen accumulators
     * @param last columns in the last vector
     */
    static void multiply(
            int rows,
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int xStep,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride,
            int vectors,
            int last) {
        int xr = xAt;
        int ir = initAt;
        int or = outAt;
        int r = 0;
        for (; r + 4 <= rows; r += 4, xr += 4 * xStride, ir += 4 * initStride, or += 4 * outStride) {
            switch (vectors) {
                case 4 ->
                    QuadTiles.multiply4x4(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
                case 2 ->
                    QuadTiles.multiply4x2(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
                default ->
                    QuadTiles.multiply4x1(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
            }
        }
        if (r + 2 <= rows) {
            switch (vectors) {
                case 4 ->
                    PairTiles.multiply2x4(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
                case 2 ->
                    PairTiles.multiply2x2(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
                default ->
                    PairTiles.multiply2x1(
                            terms,
                            x,
                            xr,
                            xStride,
                            xStep,
                            w,
                            wAt,
                            wStride,
                            init,
                            ir,
                            initStride,
                            out,
                            or,
                            outStride,
                            last);
            }
        }
    }
}
