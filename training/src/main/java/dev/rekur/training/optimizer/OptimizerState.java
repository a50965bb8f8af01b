package dev.rekur.training.optimizer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.constraint.Projection;
import dev.rekur.training.optimizer.schedule.ConstantRate;
import dev.rekur.training.optimizer.schedule.LearningRate;
import dev.rekur.training.step.Chunks;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer at work: what one training keeps, and the step that moves its variables. Belongs to one thread at a time.
 *
 * <p>A step does what {@code apply} of {@code keras/src/optimizers/base_optimizer.py} (Keras 3.15) does, in this order:
 * accumulates gradients, clips them, decays weights, moves them, averages them, applies constraints, counts. It allocates
 * nothing, and gives the same bits for any number of threads.
 */
public final class OptimizerState {
    /** After so many steps, what has decayed to a subnormal number is set to zero. */
    private static final int FLUSH_STEPS = 16;

    private final TunableOptimizer<?> optimizer;
    private final CommonOptions options;
    private final UpdateRule rule;
    private final List<Variable> variables;
    private final float[][] weights;
    private final StateVariables kept;
    private final Chunks chunks;
    private final Clipping clipping;
    private final int[] constrained;
    private final Projection[] projections;

    private final IntConsumer accumulate = this::accumulate;
    private final IntConsumer prepare = this::prepare;
    private final IntConsumer move = this::move;
    private final IntConsumer flush = this::flush;
    private final IntConsumer average = this::average;
    private final IntConsumer project = this::project;

    private LearningRate learningRate;
    private long iterations;

    private float[][] gradients = {};
    private float rate;
    private float averageMomentum;
    private boolean overwrite;

    OptimizerState(TunableOptimizer<?> optimizer, List<Variable> variables, List<@Nullable Constraint> constraints) {
        if (constraints.size() != variables.size()) {
            throw new IllegalArgumentException(
                    constraints.size() + " constraints for " + variables.size() + " variables");
        }
        this.optimizer = optimizer;
        this.options = optimizer.options();
        this.rule = optimizer.rule();
        this.variables = List.copyOf(variables);
        this.learningRate = options.learningRate();
        weights = variables.stream().map(Variable::values).toArray(float[][]::new);
        kept = new StateVariables(optimizer, rule, variables);
        chunks = new Chunks(variables.stream().mapToInt(Variable::size).toArray());
        clipping = new Clipping(options, chunks, weights.length);
        List<Integer> places = new ArrayList<>();
        List<Projection> bound = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            Constraint constraint = constraints.get(i);
            if (constraint != null) {
                places.add(i);
                bound.add(constraint.on(variables.get(i).shape()));
            }
        }
        constrained = places.stream().mapToInt(Integer::intValue).toArray();
        projections = bound.toArray(Projection[]::new);
    }

    /** The settings, with the learning rate as it is now: what a file of this moment holds. */
    public Optimizer optimizer() {
        return optimizer.withLearningRate(learningRate);
    }

    /** The learning rate of the next step. */
    public float learningRate() {
        return learningRate.at(iterations);
    }

    /**
     * Changes the learning rate.
     *
     * @throws InvalidInputException if a schedule decides on it
     */
    public void learningRate(float rate) {
        if (!(learningRate instanceof ConstantRate)) {
            throw new InvalidInputException("the optimizer's learning rate follows a schedule, "
                    + learningRate.getClass().getSimpleName()
                    + ", and cannot be set. Give the optimizer a number, or leave out the callback that sets it.");
        }
        learningRate = new ConstantRate(rate);
    }

    /** Whether {@link #apply} may leave something where a gradient was zero. */
    public boolean overwritesGradients() {
        return options.accumulates();
    }

    /** How often {@link #apply} was called, in this training and in those that it continues. */
    public long iterations() {
        return iterations;
    }

    /**
     * One step.
     *
     * @param gradients one for each variable, row-major, at least as long as the variable is; may be overwritten
     * @param tasks runs the parts of the step
     */
    public void apply(float[][] gradients, Tasks tasks) {
        requireFit(gradients);
        if (weights.length == 0) {
            return; // Keras does not count such steps
        }
        this.gradients = gradients;
        int stepsPerUpdate = options.stepsPerUpdate();
        long updates = iterations / stepsPerUpdate;
        if ((iterations + 1) % stepsPerUpdate == 0) {
            update(updates + 1, tasks);
        } else {
            tasks.run(chunks.count(), accumulate);
        }
        if (options.useEma()) {
            Integer frequency = options.emaOverwriteFrequency();
            averageMomentum = updates == 0 ? 0 : (float) options.emaMomentum();
            overwrite = frequency != null && frequency > 0 && (updates + 1) % frequency == 0;
            tasks.run(chunks.count(), average);
        }
        if (constrained.length > 0) {
            tasks.run(constrained.length, project);
        }
        iterations++;
    }

    private void requireFit(float[][] gradients) {
        if (gradients.length != weights.length) {
            throw new IllegalArgumentException(gradients.length + " gradients for " + weights.length + " variables");
        }
        for (int i = 0; i < gradients.length; i++) {
            if (gradients[i].length < variables.get(i).size()) {
                throw new IllegalArgumentException(
                        "gradient of " + variables.get(i) + " has " + gradients[i].length + " elements");
            }
        }
    }

    private void update(long step, Tasks tasks) {
        if (options.accumulates() || clipping.needsNorms()) {
            tasks.run(chunks.count(), prepare);
        }
        if (clipping.needsNorms()) {
            clipping.scale();
        }
        rate = learningRate();
        rule.begin(rate, step);
        tasks.run(chunks.count(), move);
        if (step % FLUSH_STEPS == 0) {
            tasks.run(chunks.count(), flush);
        }
    }

    private void accumulate(int chunk) {
        int variable = chunks.variable(chunk);
        add(kept.accumulated()[variable], gradients[variable], chunks.from(chunk), chunks.to(chunk));
    }

    private static void add(float[] sums, float[] gradients, int from, int to) {
        for (int i = from; i < to; i++) {
            sums[i] += gradients[i];
        }
    }

    /** Makes the gradient of the step, and measures it. */
    private void prepare(int chunk) {
        int variable = chunks.variable(chunk);
        float[] gradient = gradients[variable];
        if (options.accumulates()) {
            float[] sums = kept.accumulated()[variable];
            takeMean(gradient, sums, options.stepsPerUpdate(), chunks.from(chunk), chunks.to(chunk));
        }
        if (clipping.needsNorms()) {
            clipping.measure(chunk, gradient);
        }
    }

    private static void takeMean(float[] gradients, float[] sums, float steps, int from, int to) {
        for (int i = from; i < to; i++) {
            gradients[i] = (gradients[i] + sums[i]) / steps;
            sums[i] = 0;
        }
    }

    private void move(int chunk) {
        int variable = chunks.variable(chunk);
        int from = chunks.from(chunk);
        int to = chunks.to(chunk);
        clipping.clip(chunk, gradients[variable]);
        Double weightDecay = options.weightDecay();
        if (weightDecay != null) {
            shrink(weights[variable], weightDecay.floatValue(), rate, from, to);
        }
        rule.update(weights[variable], gradients[variable], kept.own()[variable], from, to);
    }

    private static void shrink(float[] weights, float fraction, float rate, int from, int to) {
        for (int i = from; i < to; i++) {
            weights[i] -= weights[i] * fraction * rate;
        }
    }

    /**
     * Averages of a table's row that no batch has touched for hundreds of steps decay to subnormal numbers, and would stay there
     * for good, where some processors compute a hundred times slower. TensorFlow takes such numbers for zeros at once.
     */
    private void flush(int chunk) {
        for (float[] slot : kept.own()[chunks.variable(chunk)]) {
            flush(slot, chunks.from(chunk), chunks.to(chunk));
        }
    }

    private static void flush(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Math.abs(values[i]) < Float.MIN_NORMAL) {
                values[i] = 0f;
            }
        }
    }

    private void average(int chunk) {
        int variable = chunks.variable(chunk);
        int from = chunks.from(chunk);
        int to = chunks.to(chunk);
        float[] averages = kept.averages()[variable];
        blend(averages, weights[variable], averageMomentum, from, to);
        if (overwrite) {
            System.arraycopy(averages, from, weights[variable], from, to - from);
        }
    }

    private static void blend(float[] averages, float[] weights, float momentum, int from, int to) {
        float rest = 1 - momentum;
        for (int i = from; i < to; i++) {
            averages[i] = momentum * averages[i] + rest * weights[i];
        }
    }

    private void project(int index) {
        projections[index].apply(weights[constrained[index]]);
    }

    /** What Keras does when training ends: with averages, they become the weights. */
    public void finish() {
        float[][] averages = kept.averages();
        for (int i = 0; i < averages.length; i++) {
            System.arraycopy(averages[i], 0, weights[i], 0, variables.get(i).size());
        }
    }

    /**
     * Copies of everything that is kept, in the order and under the names of a {@code .keras} file: {@code vars/0} is the
     * iteration, a 64-bit integer there; {@code vars/1} the learning rate, unless it is a schedule; then the slots.
     */
    public List<OptimizerVariable> variables() {
        return kept.write(iterations, learningRate());
    }

    /**
     * Goes on where another training ended: takes over what {@link #variables()} returned, or what a file holds.
     *
     * @param state everything, or iteration and learning rate alone, as files of models that were never trained have it
     * @throws InvalidInputException if it is not what this optimizer keeps for these variables; then nothing has changed
     */
    public void restore(List<OptimizerVariable> state) {
        StateVariables.Counters counters = kept.read(state, learningRate());
        iterations = counters.iterations();
        if (learningRate instanceof ConstantRate) {
            learningRate = new ConstantRate(counters.learningRate());
        }
    }

    /**
     * Goes on where a training of Keras 2 ended, whose versions keep the same under other names and in other orders. The learning
     * rate is the one of the settings.
     *
     * @return why this is not possible; empty if the state was taken over. Otherwise nothing has changed
     */
    public Optional<String> restoreKeras2(List<OptimizerVariable> state) {
        StateVariables.Taken taken = kept.readKeras2(state, rule::beginShared);
        if (taken.reason().isEmpty()) {
            iterations = taken.iterations();
        }
        return taken.reason();
    }

    /**
     * Copies of what Keras 2.11 to 2.15 keep, in their order: all of {@link #variables} but the learning rate and the product of
     * {@link Nadam}, and momenta of an {@link Sgd} that does not use them.
     */
    public List<OptimizerVariable> keras2Variables() {
        List<OptimizerVariable> all = new ArrayList<>();
        all.add(OptimizerVariable.whole("iteration:0", iterations));
        for (Slot slot : kept.slots()) {
            if (!slot.isShared()) {
                all.add(keras2Variable(slot));
            }
        }
        if (optimizer instanceof Sgd && optimizer.slots().isEmpty()) {
            variables.forEach(variable -> all.add(keras2Variable(Slot.of(variable, SlotKind.zeros("m")))));
        }
        return all;
    }

    private OptimizerVariable keras2Variable(Slot slot) {
        String name = optimizer.className() + "/" + slot.kind().name() + "/" + slot.weight() + ":0";
        return new OptimizerVariable(name, slot.toTensor());
    }

    /** What is kept beside iteration and learning rate, in the file's order. */
    List<Slot> slots() {
        return kept.slots();
    }
}
