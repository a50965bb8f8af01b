package dev.rekur.training;

import dev.rekur.InvalidInputException;
import java.util.Iterator;

/** The batches of one epoch while they are used. Closes their iterator if there is something to close. */
final class OpenBatches implements Iterator<Batch>, AutoCloseable {
    private final Iterator<Batch> batches;

    private OpenBatches(Iterator<Batch> batches) {
        this.batches = batches;
    }

    static OpenBatches of(Dataset data, int batchSize, RowOrder order) {
        return new OpenBatches(data.batches(batchSize, order));
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public Batch next() {
        return batches.next();
    }

    /**
     * Leaves out the batches that were trained on before an interruption.
     *
     * @throws InvalidInputException if there are fewer
     */
    void skip(int count, int epoch) {
        for (int batch = 0; batch < count; batch++) {
            if (!batches.hasNext()) {
                throw new InvalidInputException("epoch " + (epoch + 1) + " was interrupted after batch " + count
                        + ", now the data has no more than " + batch
                        + ". Go on with the data the training was started with. docs/TROUBLESHOOTING.md#resume");
            }
            batches.next();
        }
    }

    /**
     * @throws InvalidInputException if the source fails; what is not checked comes as it is
     */
    @Override
    public void close() {
        if (batches instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                if (failure instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new InvalidInputException(
                        "the source of batches cannot be closed: " + failure.getMessage()
                                + ". See to what it reads from; docs/TROUBLESHOOTING.md#targets",
                        failure);
            }
        }
    }
}
