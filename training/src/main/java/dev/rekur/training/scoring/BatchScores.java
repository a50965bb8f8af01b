package dev.rekur.training.scoring;

import dev.rekur.training.callback.BatchListener;
import dev.rekur.training.callback.Logs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Loss and metrics of each batch alone, for a listener. */
public record BatchScores(List<Objective> objectives, List<MeasuredMetric> metrics, BatchListener listener) {
    /** Tells of the batch that the objectives have evaluated last. */
    public void tell(int epoch, int batch, double loss) {
        Map<String, Double> values = new TreeMap<>();
        values.put("loss", (double) (float) loss);
        if (objectives.size() > 1) {
            objectives.forEach(objective -> values.put(objective.name() + "_loss", (double) (float) objective.last()));
        }
        for (MeasuredMetric metric : metrics) {
            metric.reset();
            for (Objective objective : objectives) {
                if (objective.output() == metric.output()) {
                    objective.measure(metric);
                }
            }
            values.put(metric.logName(), (double) (float) metric.result());
        }
        listener.batch(epoch, batch, Logs.sorted(values));
    }
}
