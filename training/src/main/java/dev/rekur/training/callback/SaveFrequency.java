package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;

/** When something is saved: after each epoch, or after a number of batches, which goes on counting across epochs. */
final class SaveFrequency {
    private final String owner;

    /** Batches, or 0 for epochs. */
    private int batches;

    private int seen;

    SaveFrequency(String owner) {
        this.owner = owner;
    }

    /** Every so many batches. */
    void batches(int count) {
        if (count < 1) {
            throw new InvalidInputException(owner + ": expected save_freq 'epoch' or at least 1 batch, found " + count);
        }
        batches = count;
    }

    /** By Keras's setting {@code save_freq}. */
    void read(Settings settings) {
        if (!settings.text("save_freq", "epoch").equals("epoch")) {
            batches(settings.count("save_freq", 0));
        }
    }

    boolean isEpoch() {
        return batches == 0;
    }

    /** Counts a batch. */
    boolean isDueAfterBatch() {
        if (batches == 0) {
            return false;
        }
        seen++;
        if (seen < batches) {
            return false;
        }
        seen = 0;
        return true;
    }

    int seen() {
        return seen;
    }

    void seen(int count) {
        seen = count;
    }
}
