package dev.rekur.training.data;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Data in memory: whole arrays, of which batches take rows. */
public final class ArrayDataset implements Dataset {
    private final Batch whole;
    private final int first;
    private final int rows;

    ArrayDataset(Batch whole) {
        this(whole, 0, whole.rows());
        if (rows == 0) {
            throw new InvalidInputException("the data has no rows", "docs/TROUBLESHOOTING.md#targets");
        }
    }

    private ArrayDataset(Batch whole, int first, int rows) {
        this.whole = whole;
        this.first = first;
        this.rows = rows;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** The arrays that rows are taken of; more than {@link #rows} if this is a part. */
    public Batch whole() {
        return whole;
    }

    /**
     * Keras's {@code validation_split}: the last part of the rows.
     *
     * @param fraction of the rows, between 0 and 1
     * @return the first part, to train on, then the last part, to validate on
     * @throws InvalidInputException if one of them would have no rows
     */
    public List<ArrayDataset> split(double fraction) {
        int at = (int) Math.floor(rows * (1 - fraction));
        if (!(fraction > 0 && fraction < 1) || at == 0 || at == rows) {
            throw new InvalidInputException(
                    "validation split: " + fraction + " of " + rows + " rows leaves "
                            + Math.max(0, Math.min(at, rows)) + " to train on and " + Math.max(0, rows - at)
                            + " to validate on; choose a fraction between 0 and 1 that leaves rows for both.",
                    "docs/TROUBLESHOOTING.md#validation-split");
        }
        return List.of(new ArrayDataset(whole, first, at), new ArrayDataset(whole, first + at, rows - at));
    }

    /** The same rows with other weights: one for each row. */
    public ArrayDataset withRowWeights(FloatTensor weights) {
        return new ArrayDataset(new Batch(whole.inputs(), whole.targets(), List.of(weights)), first, rows);
    }

    @Override
    public int batchCount(int batchSize) {
        return (rows - 1) / batchSize + 1;
    }

    @Override
    public Iterator<Batch> batches(int batchSize, RowOrder order) {
        int[] numbers = new int[rows];
        for (int i = 0; i < rows; i++) {
            numbers[i] = i;
        }
        order.arrange(numbers);
        return new Rows(numbers, Math.min(batchSize, rows));
    }

    /** Takes rows in order, into tensors that are filled anew for each batch. */
    private final class Rows implements Iterator<Batch> {
        private final int[] order;
        private final int batchSize;
        private final List<RowCopy> copies = new ArrayList<>();
        private final Batch full;
        private int next;

        Rows(int[] order, int batchSize) {
            this.order = order;
            this.batchSize = batchSize;
            this.full = room(batchSize);
        }

        private Batch room(int size) {
            copies.clear();
            List<Tensor> inputs = new ArrayList<>();
            whole.inputs().forEach(tensor -> inputs.add(room(tensor, size)));
            List<Tensor> targets = new ArrayList<>();
            whole.targets().forEach(tensor -> targets.add(room(tensor, size)));
            List<FloatTensor> weights = new ArrayList<>();
            whole.weights().forEach(tensor -> weights.add((FloatTensor) room(tensor, size)));
            return new Batch(inputs, targets, weights);
        }

        private Tensor room(Tensor source, int size) {
            RowCopy copy = RowCopy.of(source, size);
            copies.add(copy);
            return copy.target();
        }

        @Override
        public boolean hasNext() {
            return next < order.length;
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int size = Math.min(batchSize, order.length - next);
            Batch batch = size == batchSize ? full : room(size);
            for (int c = 0; c < copies.size(); c++) {
                for (int i = 0; i < size; i++) {
                    copies.get(c).row(first + order[next + i], i);
                }
            }
            next += size;
            return batch;
        }
    }

    /** Copies rows of an array to a batch. */
    private interface RowCopy {
        Tensor target();

        void row(int from, int to);

        static RowCopy of(Tensor source, int size) {
            Shape shape = source.shape().withBatch(size);
            int rowSize = source.shape().withBatch(1).size();
            if (source instanceof FloatTensor floats) {
                float[] values = new float[shape.size()];
                return copy(
                        FloatTensor.wrap(shape, values),
                        (from, to) -> floats.copyTo(from * rowSize, values, to * rowSize, rowSize));
            }
            if (source instanceof IntTensor ints) {
                int[] values = new int[shape.size()];
                return copy(
                        IntTensor.wrap(shape, values),
                        (from, to) -> ints.copyTo(from * rowSize, values, to * rowSize, rowSize));
            }
            TextTensor texts = (TextTensor) source;
            String[] values = new String[shape.size()];
            return copy(TextTensor.wrap(shape, values), (from, to) -> {
                for (int i = 0; i < rowSize; i++) {
                    values[to * rowSize + i] = texts.get(from * rowSize + i);
                }
            });
        }

        private static RowCopy copy(Tensor target, RowMove move) {
            return new RowCopy() {
                @Override
                public Tensor target() {
                    return target;
                }

                @Override
                public void row(int from, int to) {
                    move.run(from, to);
                }
            };
        }
    }

    @FunctionalInterface
    private interface RowMove {
        void run(int from, int to);
    }
}
