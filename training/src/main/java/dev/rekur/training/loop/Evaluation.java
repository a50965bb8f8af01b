package dev.rekur.training.loop;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.Kernels;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.data.RowOrder;
import dev.rekur.training.graph.TrainedGraph;
import dev.rekur.training.scoring.Scoreboard;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.Team;
import dev.rekur.training.variable.Tasks;
import java.util.List;
import java.util.Map;

/** Loss and metrics of data, by the weights of the moment: Keras's {@code evaluate}. Trains nothing. */
public final class Evaluation {
    private final TrainedGraph graph;
    private final Kernels kernels;
    private final Scoreboard scores;

    public Evaluation(TrainedGraph graph, Kernels kernels) {
        this.graph = graph;
        this.kernels = kernels;
        this.scores = graph.scoreboard();
    }

    /** Names of what is logged. */
    List<String> names() {
        return scores.names();
    }

    /**
     * Scores data.
     *
     * @param runner with the weights of the moment, without training
     * @param epoch of the training, which a source of batches may ask for
     * @return by Keras's names
     * @throws InvalidInputException if there is not one batch
     */
    Map<String, Double> run(StepRunner runner, Dataset data, int batchSize, int epoch) {
        scores.reset();
        try (OpenBatches batches = OpenBatches.of(data, batchSize, RowOrder.AS_GIVEN, epoch)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                runner.forward(batch.inputs(), 0);
                scores.add(runner, batch, graph.penalties().value() + runner.activityPenalty(), null);
            }
            batches.requireSome();
        }
        return scores.values();
    }

    /** Scores data; all that it needs is made for it. */
    public Logs run(Dataset data, int batchSize, Team tasks) {
        try (tasks) {
            StepRunner runner = graph.runner(false, 0, kernels, tasks, new LastingStates());
            return Logs.sorted(run(runner, data, batchSize, 0));
        }
    }

    /**
     * Looks at all targets and inputs in memory, before anything is run.
     *
     * @throws InvalidInputException if labels are none of the classes, or numbers are not finite
     */
    public void check(ArrayDataset data) {
        DataCheck.requireFinite(graph.model().graph(), data);
        DataCheck.requireTokens(graph.model().graph().flat(), data);
        Batch first = data.batches(1, RowOrder.AS_GIVEN).next();
        // states of its own: one row must not become the state that training begins with
        StepRunner probe = graph.runner(false, 0, kernels, Tasks.SERIAL, new LastingStates());
        probe.forward(first.inputs(), 0);
        scores.check(probe, data.whole());
    }
}
