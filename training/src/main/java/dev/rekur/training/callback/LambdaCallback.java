package dev.rekur.training.callback;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * A callback made of functions.
 *
 * <pre>LambdaCallback.create().onEpochEnd((run, epoch, logs) -> log.info("{}: {}", epoch, logs))</pre>
 *
 * <p>Follows {@code keras/src/callbacks/lambda_callback.py} of Keras 3.15.1.
 */
public final class LambdaCallback implements Callback {
    /** Called after an epoch or a batch. */
    @FunctionalInterface
    public interface AtEnd {
        /**
         * @param index epoch or batch, counted from 0
         */
        void accept(TrainingRun run, int index, Logs logs);
    }

    private Consumer<TrainingRun> trainBegin = run -> {};
    private BiConsumer<TrainingRun, Logs> trainEnd = (run, logs) -> {};
    private ObjIntConsumer<TrainingRun> epochBegin = (run, epoch) -> {};
    private AtEnd epochEnd = (run, epoch, logs) -> {};
    private ObjIntConsumer<TrainingRun> batchBegin = (run, batch) -> {};
    private AtEnd batchEnd = (run, batch, logs) -> {};

    private LambdaCallback() {}

    public static LambdaCallback create() {
        return new LambdaCallback();
    }

    public LambdaCallback onTrainBegin(Consumer<TrainingRun> action) {
        trainBegin = action;
        return this;
    }

    public LambdaCallback onTrainEnd(BiConsumer<TrainingRun, Logs> action) {
        trainEnd = action;
        return this;
    }

    public LambdaCallback onEpochBegin(ObjIntConsumer<TrainingRun> action) {
        epochBegin = action;
        return this;
    }

    public LambdaCallback onEpochEnd(AtEnd action) {
        epochEnd = action;
        return this;
    }

    public LambdaCallback onBatchBegin(ObjIntConsumer<TrainingRun> action) {
        batchBegin = action;
        return this;
    }

    public LambdaCallback onBatchEnd(AtEnd action) {
        batchEnd = action;
        return this;
    }

    @Override
    public void trainBegin(TrainingRun run) {
        trainBegin.accept(run);
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        trainEnd.accept(run, logs);
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        epochBegin.accept(run, epoch);
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        epochEnd.accept(run, epoch, logs);
    }

    @Override
    public void batchBegin(TrainingRun run, int batch) {
        batchBegin.accept(run, batch);
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        batchEnd.accept(run, batch, logs);
    }
}
