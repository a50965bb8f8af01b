package dev.rekur.training;

import dev.rekur.training.callback.Logs;

/** Is told loss and metrics of single batches, unlike callbacks, which are told running means. */
@FunctionalInterface
public interface BatchListener {
    /**
     * @param epoch counted from 0
     * @param batch counted from 0 within the epoch
     * @param logs of this batch alone; valid during the call
     */
    void batch(int epoch, int batch, Logs logs);
}
