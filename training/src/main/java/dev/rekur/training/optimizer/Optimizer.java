package dev.rekur.training.optimizer;

import dev.rekur.graph.GraphLayer;
import dev.rekur.model.Model;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.optimizer.schedule.LearningRate;
import dev.rekur.training.step.TrainedWeights;
import dev.rekur.training.variable.Variable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How gradients move weights: immutable settings with Keras's names and defaults, of which {@link #start} makes the state of
 * one training.
 *
 * <pre>{@code
 * Optimizer optimizer = Adam.with().learningRate(1e-3).clipNorm(1.0);
 * }</pre>
 *
 * <p>{@link Optimizers} makes them from names and from files. Follows {@code keras/src/optimizers/}, Keras 3.15.
 */
public sealed interface Optimizer permits TunableOptimizer {
    /** Keras's name: {@code RMSprop}. */
    String className();

    LearningRate learningRate();

    /** Keras's configuration, complete: {@code get_config()}. */
    Map<String, Object> config();

    /** What Keras writes into a file: {@code {module, class_name, config, registered_name}}. */
    Map<String, Object> serialized();

    /**
     * The same with another value for one of Keras's arguments, as text: {@code withSetting("beta_1", "0.8")}.
     *
     * @param key a key of {@link #config}
     * @param value a number, {@code true}, {@code false}, or {@code none}
     * @throws dev.rekur.error.InvalidInputException if there is no such argument, or if it cannot have this value
     */
    Optimizer withSetting(String key, String value);

    /** The same with another learning rate. */
    Optimizer withLearningRate(LearningRate learningRate);

    /** Starts a training of the weights of a model that are trained, without constraints. */
    default OptimizerState start(Model model) {
        return start(new TrainedWeights(model.graph(), model.weights(), GraphLayer::trains).trainable());
    }

    /** Starts a training of variables without constraints. */
    OptimizerState start(List<Variable> trainable);

    /**
     * Starts a training.
     *
     * @param trainable what is moved, in the order of Keras's {@code model.trainable_variables}
     * @param constraints one for each of them, or null
     * @throws dev.rekur.error.InvalidInputException if a constraint does not fit its variable's shape
     */
    OptimizerState start(List<Variable> trainable, List<@Nullable Constraint> constraints);
}
