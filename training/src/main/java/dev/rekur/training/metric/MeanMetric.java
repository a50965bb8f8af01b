package dev.rekur.training.metric;

import dev.rekur.kernel.Activation;
import dev.rekur.training.loss.LossFunction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The weighted mean of a function of the vectors, Keras's {@code MeanMetricWrapper} ({@code
 * keras/src/metrics/reduction_metrics.py}, Keras 3.15.1): {@code sum(w f) / sum(w)}, and without weights the mean over rows
 * of the mean over a row's steps.
 *
 * @param className the class in Keras
 * @param defaultName what Keras calls it
 * @param function of which the mean is taken
 * @param parameters Keras's configuration
 * @param isSparse whether targets are numbers of classes
 * @param loss the loss whose mean it is, or null if it is no loss's. Vectors of a class that the loss ignores have weight 0;
 *     as in Keras, only where there are weights
 * @param root whether the result is the square root of the mean
 */
record MeanMetric(
        String className,
        String defaultName,
        VectorFunction function,
        Map<String, Object> parameters,
        boolean isSparse,
        @Nullable LossFunction loss,
        boolean root)
        implements MetricFunction {
    /** The mean of a loss. */
    static MeanMetric of(LossFunction loss) {
        // Keras's loss has another class name than its metric in one case
        boolean logCosh = loss.functionName().equals("log_cosh");
        return of(loss, logCosh ? "LogCoshError" : loss.className(), logCosh ? "logcosh" : loss.functionName());
    }

    private static MeanMetric of(LossFunction loss, String className, String defaultName) {
        Map<String, Object> parameters = new LinkedHashMap<>(loss.parameters());
        if (className.equals("BinaryCrossentropy")) {
            parameters.remove("axis");
        }
        boolean wrapped = !Metrics.hasClass(className);
        if (wrapped) {
            parameters.put(
                    "fn",
                    Map.of(
                            "module",
                            "builtins",
                            "class_name",
                            "function",
                            "config",
                            loss.functionName(),
                            "registered_name",
                            "function"));
        }
        return new MeanMetric(
                wrapped ? "MeanMetricWrapper" : className,
                defaultName,
                (vectors, target, targetFeatures, prediction, features, values) ->
                        loss.evaluate(vectors, target, targetFeatures, prediction, features, values, null),
                parameters,
                loss.isSparse(),
                loss,
                false);
    }

    /** The mean of a function that is no loss. */
    static MeanMetric of(
            String className, String name, boolean sparse, Map<String, Object> parameters, VectorFunction function) {
        return new MeanMetric(className, name, function, parameters, sparse, null, false);
    }

    /** The square root of the mean squared error. */
    static MeanMetric rootOf(LossFunction squares) {
        MeanMetric mean = of(squares);
        return new MeanMetric(
                "RootMeanSquaredError", "root_mean_squared_error", mean.function, Map.of(), false, null, true);
    }

    @Override
    public Optional<MetricFunction> ofLogits(Activation activation) {
        return loss == null || root
                ? Optional.empty()
                : loss.ofLogits(activation).map(MeanMetric::of);
    }

    /** Keras's RootMeanSquaredError is the one mean that does not look at masks. */
    @Override
    public boolean honoursMask() {
        return !root;
    }

    @Override
    public MetricState newState() {
        return new State(this);
    }

    private static final class State implements MetricState {
        private final MeanMetric metric;
        private final @Nullable Integer ignoreClass;
        private final RunningMean mean = new RunningMean();
        private float[] values = {};

        State(MeanMetric metric) {
            this.metric = metric;
            ignoreClass = metric.loss == null ? null : metric.loss.ignoreClass();
        }

        @Override
        public void update(
                int rows,
                int vectors,
                float[] target,
                int targetFeatures,
                float[] prediction,
                int features,
                float @Nullable [] weights) {
            if (rows == 0) {
                return;
            }
            if (values.length < vectors) {
                values = new float[vectors];
            }
            metric.function.evaluate(vectors, target, targetFeatures, prediction, features, values);
            double total = 0;
            double count = 0;
            for (int v = 0; v < vectors; v++) {
                double weight = weights == null ? 1 : isIgnored(target[v * targetFeatures]) ? 0 : weights[v];
                total += weight * values[v];
                count += weight;
            }
            double steps = (double) vectors / rows;
            mean.addSum(total / steps, count / steps);
        }

        private boolean isIgnored(float label) {
            return ignoreClass != null && label == ignoreClass;
        }

        @Override
        public double result() {
            return metric.root ? Math.sqrt(mean.result()) : mean.result();
        }

        @Override
        public void reset() {
            mean.reset();
        }

        @Override
        public double[] sums() {
            return new double[] {mean.total(), mean.count()};
        }

        @Override
        public void restore(double[] sums) {
            KeptSums.require(sums, sums.length == 2);
            mean.restore(sums[0], sums[1]);
        }
    }
}
