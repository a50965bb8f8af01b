package dev.rekur.training.loop;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.data.RowOrder;
import java.util.Iterator;

/** The batches of one epoch while they are used. Closes their iterator if there is something to close. */
final class OpenBatches implements Iterator<Batch>, AutoCloseable {
    private final Iterator<Batch> batches;

    private final int epoch;
    private int number;

    private OpenBatches(Iterator<Batch> batches, int epoch) {
        this.batches = batches;
        this.epoch = epoch;
    }

    /**
     * @param epoch counted from 0, for messages
     */
    static OpenBatches of(Dataset data, int batchSize, RowOrder order, int epoch) {
        return new OpenBatches(data.batches(batchSize, order), epoch);
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    /**
     * @throws InvalidInputException if the batch has no row
     */
    @Override
    public Batch next() {
        Batch batch = batches.next();
        batch.requireRow(epoch, number);
        number++;
        return batch;
    }

    /**
     * @throws InvalidInputException if there was no batch
     */
    void requireSome() {
        if (number == 0) {
            throw new InvalidInputException(
                    "epoch " + (epoch + 1) + ": the data has no batches. A source of batches is"
                            + " asked for each epoch anew",
                    "docs/TROUBLESHOOTING.md#targets");
        }
    }

    /**
     * Leaves out the batches that were trained on before an interruption.
     *
     * @throws InvalidInputException if there are fewer
     */
    void skip(int count) {
        while (number < count) {
            if (!batches.hasNext()) {
                throw new InvalidInputException(
                        "epoch " + (epoch + 1) + " was interrupted after batch " + count
                                + ", now the data has no more than " + number
                                + ". Go on with the data the training was started with.",
                        "docs/TROUBLESHOOTING.md#resume");
            }
            next();
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
                                + ". See to what it reads from",
                        "docs/TROUBLESHOOTING.md#targets",
                        failure);
            }
        }
    }
}
