package dev.rekur.training.scoring;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.KerasVersion;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.compile.Compilation;
import dev.rekur.training.data.Batch;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.RunningMean;
import dev.rekur.training.step.StepRunner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Losses and metrics of a training, or of a validation: of all batches since it was reset, as Keras reports them.
 *
 * <p>Names follow {@code keras/src/trainers/compile_utils.py} of Keras 3.15.
 */
public final class Scoreboard {
    private final List<Objective> objectives;
    private final List<MeasuredMetric> metrics;
    private final int outputs;
    private final KerasVersion version;
    private final RunningMean loss = new RunningMean();
    private final List<Entry> entries = new ArrayList<>();

    /** A value of the logs. */
    private record Entry(String name, DoubleSupplier value) {}

    /**
     * @param objectives one for each output that has a loss
     * @param outputs number of the model's outputs
     * @param version the Keras that decides how batches are averaged
     */
    public Scoreboard(List<Objective> objectives, List<MeasuredMetric> metrics, int outputs, KerasVersion version) {
        this.objectives = objectives;
        this.metrics = metrics;
        this.outputs = outputs;
        this.version = version;
        entries.add(new Entry("loss", loss::result));
        if (objectives.size() > 1) {
            objectives.forEach(objective -> entries.add(
                    new Entry(objective.name() + "_loss", () -> objective.mean().result())));
        }
        metrics.forEach(metric -> entries.add(new Entry(metric.logName(), metric::result)));
        entries.sort(Comparator.comparing(Entry::name));
    }

    /** The metrics of a compilation, each with its name in logs, as a version of Keras takes them. */
    public static List<MeasuredMetric> metrics(
            Compilation compilation, List<String> outputNames, KerasVersion version) {
        List<MeasuredMetric> measured = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        boolean several = outputNames.size() > 1;
        for (int output = 0; output < outputNames.size(); output++) {
            for (Metric metric : compilation.metrics().get(output)) {
                String name = (several ? outputNames.get(output) + "_" : "") + metric.kerasName();
                int count = counts.merge(name, 1, Integer::sum);
                String logName = count == 1 ? name : name + "_" + (count - 1);
                measured.add(new MeasuredMetric(metric, output, logName, false, version));
            }
        }
        for (int output = 0; output < outputNames.size(); output++) {
            String prefix = several ? outputNames.get(output) + "_" : "";
            for (Metric metric : compilation.weightedMetrics().get(output)) {
                String name = prefix + metric.kerasName();
                if (counts.containsKey(name)) {
                    name = prefix + "weighted_" + metric.kerasName();
                    int count = counts.merge(name, 1, Integer::sum);
                    name = count == 1 ? name : name + "_" + (count - 1);
                } else {
                    counts.put(name, 1);
                }
                measured.add(new MeasuredMetric(metric, output, name, true, version));
            }
        }
        return measured;
    }

    public void reset() {
        loss.reset();
        objectives.forEach(Objective::reset);
        metrics.forEach(MeasuredMetric::reset);
    }

    /** All that was added up since {@link #reset}, for {@link #restore}. */
    public List<double[]> sums() {
        List<double[]> sums = new ArrayList<>();
        sums.add(new double[] {loss.total(), loss.count()});
        objectives.forEach(objective -> sums.add(
                new double[] {objective.mean().total(), objective.mean().count()}));
        metrics.forEach(metric -> sums.add(metric.sums()));
        return sums;
    }

    /**
     * Takes up where another left off.
     *
     * @throws InvalidInputException if the sums are those of other losses and metrics
     */
    public void restore(List<double[]> sums) {
        int means = 1 + objectives.size();
        if (sums.size() != means + metrics.size()
                || sums.subList(0, means).stream().anyMatch(sum -> sum.length != 2)) {
            throw new InvalidInputException(
                    "the kept sums of losses and metrics are those of another training;"
                            + " resume with the same losses and metrics.",
                    "docs/TROUBLESHOOTING.md#resume");
        }
        loss.restore(sums.get(0)[0], sums.get(0)[1]);
        for (int i = 1; i < means; i++) {
            objectives.get(i - 1).mean().restore(sums.get(i)[0], sums.get(i)[1]);
        }
        for (int i = means; i < sums.size(); i++) {
            metrics.get(i - means).restore(sums.get(i));
        }
    }

    /** The names that {@link #fill} will have, {@code val_} aside. */
    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    /**
     * Adds the batch that has run forwards.
     *
     * @param penalties what is added to the losses, of weights and activities
     * @param gradients receives the gradient with respect to each output that a loss was taken of; null if there is no adjoint
     * @return the loss of the batch
     */
    public double add(StepRunner runner, Batch batch, double penalties, float @Nullable [] @Nullable [] gradients) {
        double total = penalties;
        for (int i = 0; i < objectives.size(); i++) {
            Objective objective = objectives.get(i);
            total += objective.evaluate(runner, target(batch, i), weights(batch, i), gradients != null);
            if (gradients != null) {
                objective.giveGradient(gradients);
            }
        }
        for (int m = 0; m < metrics.size(); m++) { // no iterators: this runs in each step
            for (int i = 0; i < objectives.size(); i++) {
                if (objectives.get(i).output() == metrics.get(m).output()) {
                    objectives.get(i).measure(metrics.get(m));
                }
            }
        }
        loss.add(total, version.epochLossesCountRows() ? batch.rows() : 1);
        return total;
    }

    private Tensor target(Batch batch, int objective) {
        List<? extends Tensor> targets = batch.targets();
        return targets.get(place(objective, targets.size(), "targets"));
    }

    private @Nullable FloatTensor weights(Batch batch, int objective) {
        List<FloatTensor> weights = batch.weights();
        if (weights.size() <= 1) {
            return weights.isEmpty() ? null : weights.get(0);
        }
        return weights.get(place(objective, weights.size(), "sample weights"));
    }

    /** Where an objective's arrays are among those of all outputs, or of all outputs that have a loss. */
    private int place(int objective, int found, String what) {
        if (found == outputs) {
            return objectives.get(objective).output();
        }
        if (found == objectives.size()) {
            return objective;
        }
        throw new InvalidInputException(
                "expected " + what + " for the " + outputs + " outputs, or for the "
                        + objectives.size() + " that have a loss, found " + found
                        + "; give one array for each.",
                "docs/TROUBLESHOOTING.md#targets");
    }

    /** Looks whether targets fit, before anything is trained. */
    public void check(StepRunner runner, Batch batch) {
        for (int i = 0; i < objectives.size(); i++) {
            weights(batch, i);
            objectives.get(i).check(runner, target(batch, i));
        }
    }

    /** As {@link #fill}, by name. */
    public Map<String, Double> values() {
        Logs logs = fill(new Logs());
        Map<String, Double> values = new HashMap<>();
        logs.names().forEach(name -> values.put(name, logs.value(name)));
        return values;
    }

    /** What Keras reports, sorted by name, in float32 as Keras has it. Allocates nothing from the second time on. */
    public Logs fill(Logs logs) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            logs.put(entry.name(), (float) entry.value().getAsDouble());
        }
        return logs;
    }
}
