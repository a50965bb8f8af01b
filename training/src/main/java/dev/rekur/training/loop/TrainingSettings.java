package dev.rekur.training.loop;

import dev.rekur.kernel.Kernels;
import dev.rekur.model.SaveOptions;
import dev.rekur.training.callback.BatchListener;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.step.Team;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a training is told beside its model and its data.
 *
 * @param callbacks in the order in which they were added
 * @param batchListener is told loss and metrics of single batches
 * @param findings is told what goes wrong, or null if nobody looks
 * @param team shares out the work; the training closes it
 * @param seed of what is random
 * @param saveOptions for which Keras callbacks write the model
 * @param continuesOptimizer whether the state that the file has of its optimizer is taken over
 * @param setsLearningRate whether the caller says which learning rate to go on with
 */
public record TrainingSettings(
        List<Callback> callbacks,
        @Nullable BatchListener batchListener,
        @Nullable Consumer<Finding> findings,
        Kernels kernels,
        Team team,
        long seed,
        SaveOptions saveOptions,
        boolean continuesOptimizer,
        boolean setsLearningRate) {}
