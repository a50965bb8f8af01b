package dev.rekur.layer;

/** The memory of one shard of a batch in training: the rows of a {@link Workspace}, and gradients of weights. */
public interface TrainingWorkspace extends Workspace {
    /**
     * The gradient of a weight as far as this shard has added to it, row-major, with {@link Workspace#SLACK} floats behind.
     * Operations add to it.
     */
    float[] gradient(WeightGradient gradient);

    /** Whether backward of a recurrent layer is to note the norms of its states' gradients this time. */
    boolean tracesStates();

    /** Number of the step, from 0 on: what is random depends on it. */
    long step();
}
