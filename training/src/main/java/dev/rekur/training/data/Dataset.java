package dev.rekur.training.data;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a model is trained or evaluated on: a source of batches, one epoch after the other. It need not fit into memory.
 */
public interface Dataset {
    /**
     * The batches of an epoch. Their tensors may be filled anew for the next one. If the iterator is an {@link AutoCloseable}, it
     * is closed when the epoch is over, also if the training fails or stops before all batches were taken.
     *
     * <p>A training that goes on in the midst of an epoch asks for all its batches and leaves out those it knows; for the same
     * result they must be the same.
     *
     * @param batchSize rows of a batch, the last may have fewer; a source of batches ignores it
     * @param order in which rows are to come; a source of batches ignores it
     */
    Iterator<Batch> batches(int batchSize, RowOrder order);

    /** Number of batches of an epoch, or 0 if nobody knows yet. */
    int batchCount(int batchSize);

    /** Arrays in memory; one input and one output. */
    static ArrayDataset of(Tensor input, Tensor target) {
        return of(List.of(input), List.of(target), List.of());
    }

    /**
     * Arrays in memory.
     *
     * @param weights as {@link Batch#weights}
     * @throws dev.rekur.error.InvalidInputException if they are of different lengths, or empty
     */
    static ArrayDataset of(List<? extends Tensor> inputs, List<? extends Tensor> targets, List<FloatTensor> weights) {
        return new ArrayDataset(new Batch(inputs, targets, weights));
    }

    /**
     * A source of batches, asked for each epoch anew. In which order rows come, and how many make a batch, is the source's own
     * affair.
     */
    static Dataset of(Supplier<Iterator<Batch>> epochs) {
        return new Dataset() {
            @Override
            public Iterator<Batch> batches(int batchSize, RowOrder order) {
                return epochs.get();
            }

            @Override
            public int batchCount(int batchSize) {
                return 0;
            }
        };
    }
}
