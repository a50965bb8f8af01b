package dev.rekur.training.observation;

import dev.rekur.graph.Graph;
import dev.rekur.training.data.Batch;
import dev.rekur.training.diagnosis.NonFinite;
import dev.rekur.training.diagnosis.NonFinite.Place;
import dev.rekur.training.scoring.Objective;
import dev.rekur.training.step.NonFiniteOutput;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.TrainedWeights;
import dev.rekur.training.variable.Variable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where NaN or infinity first appeared. As long as all is finite, only the loss and the gradients of biases are looked
 * at: where a layer's gradient is not finite, the sum of it that is its bias's is not finite either. All gradients are looked at in steps that
 * are sampled, all weights at the end of an epoch, and everything when the loss is not finite.
 */
final class NonFiniteSearch {
    private final Graph graph;
    private final StepRunner runner;
    private final TrainedWeights weights;
    private final List<Objective> objectives;
    private int epoch;
    private int batch;
    private int epochBefore;
    private int batchBefore;
    private float @Nullable [][] gradients;

    NonFiniteSearch(Graph graph, StepRunner runner, TrainedWeights weights, List<Objective> objectives) {
        this.graph = graph;
        this.runner = runner;
        this.weights = weights;
        this.objectives = objectives;
    }

    /** A step begins. */
    void begin(int ofEpoch, int number) {
        epochBefore = gradients == null ? ofEpoch : epoch;
        batchBefore = gradients == null ? number : batch;
        epoch = ofEpoch;
        batch = number;
    }

    /** The loss of the batch is not finite: it may be since the step before, whose gradients are still there. */
    NonFinite ofLoss(Batch data, long step) {
        NonFinite before = ofWeights(epochBefore, batchBefore);
        if (before != null) {
            return before;
        }
        Optional<NonFiniteOutput> output = runner.findNonFinite(data.inputs(), step);
        if (output.isPresent()) {
            NonFiniteOutput found = output.get();
            return new NonFinite(
                    found.isInput() ? Place.DATA : Place.ACTIVATION, found.layer(), epoch, batch, found.timeStep());
        }
        String name = objectives.stream()
                .filter(objective -> !Double.isFinite(objective.last()))
                .map(Objective::name)
                .findFirst()
                .orElse(graph.outputNames().get(0)); // it is a penalty
        return new NonFinite(Place.LOSS, name, epoch, batch);
    }

    /** Looks at the gradients of the step: at all of them, or at those of biases and the like. */
    @Nullable
    NonFinite ofGradients(float[][] sums, boolean all) {
        gradients = sums;
        return ofGradients(sums, all, epoch, batch);
    }

    /** The adjoint runs from the last layer to the first: so does the search. */
    private @Nullable NonFinite ofGradients(float[][] sums, boolean all, int ofEpoch, int step) {
        List<Variable> trainable = weights.trainable();
        for (int v = trainable.size() - 1; v >= 0; v--) {
            Variable variable = trainable.get(v);
            if ((all || variable.shape().rank() < 2) && !isFinite(sums[v], variable.size())) {
                return new NonFinite(Place.GRADIENT, variable.layer(), ofEpoch, step);
            }
        }
        return null;
    }

    /** Looks at the weights after the last step. */
    @Nullable
    NonFinite ofWeights() {
        return ofWeights(epoch, batch);
    }

    private @Nullable NonFinite ofWeights(int ofEpoch, int step) {
        for (Variable variable : weights.variables()) {
            if (!isFinite(variable.values(), variable.size())) {
                NonFinite gradient = gradients == null ? null : ofGradients(gradients, true, ofEpoch, step);
                return gradient != null ? gradient : new NonFinite(Place.WEIGHT, variable.layer(), ofEpoch, step);
            }
        }
        return null;
    }

    private static boolean isFinite(float[] values, int size) {
        float zeros = 0f; // finite * 0 is 0, anything else NaN: no branch in the loop
        for (int i = 0; i < size; i++) {
            zeros += values[i] * 0f;
        }
        return zeros == 0f;
    }
}
