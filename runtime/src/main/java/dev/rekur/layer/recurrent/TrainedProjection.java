package dev.rekur.layer.recurrent;

import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import java.util.List;

/** {@link InputProjection} in training: {@code z[t] = x[t] W + b} for all steps at once, and its adjoint. */
public interface TrainedProjection {
    /** What the whole batch has to do before. */
    List<TrainingOperation> before();

    /**
     * Writes the projected input of all steps of a shard to the tape.
     *
     * @param backwards whether the tape's first step is the input's last
     */
    void project(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards);

    /** Reads the gradient with respect to the projected input from the tape, and passes it on. */
    void adjoint(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards);

    /** What the whole batch has to do after the adjoint of every shard. */
    List<TrainingOperation> after(Tape tape, boolean backwards);
}
