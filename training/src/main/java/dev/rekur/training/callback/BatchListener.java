package dev.rekur.training.callback;

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
