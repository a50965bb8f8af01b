package dev.rekur.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.constraint.MaxNorm;
import dev.rekur.training.constraint.NormAxes;
import dev.rekur.training.optimizer.schedule.ExponentialDecay;
import dev.rekur.training.variable.Tasks;
import dev.rekur.training.variable.Variable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training's optimizer: threads, memory, and what it says to what does not fit. */
class OptimizerStateTest {
    /** Several chunks, one, and less than one. */
    private static final int[][] SHAPES = {{400, 128}, {64, 256}, {7}, {1}};

    /** Last task first, and on several threads. */
    private static final Tasks PARALLEL =
            (count, task) -> IntStream.range(0, count).parallel().forEach(i -> task.accept(count - 1 - i));

    static Stream<Optimizer> optimizers() {
        return Stream.concat(
                Optimizers.names().stream().map(Optimizers::named),
                Stream.of(
                        Sgd.with().momentum(0.9).nesterov(true).clipNorm(0.5),
                        RmsProp.with().momentum(0.9).centered(true).globalClipNorm(3),
                        Adam.with().amsgrad(true).clipNorm(1).weightDecay(0.1).ema(0.9),
                        Adam.with()
                                .clipValue(0.5)
                                .gradientAccumulationSteps(2)
                                .ema(0.5)
                                .emaOverwriteFrequency(2),
                        AdamW.with().globalClipNorm(1).gradientAccumulationSteps(3)));
    }

    private static List<Variable> variables() {
        Random random = new Random(1);
        return Arrays.stream(SHAPES)
                .map(dimensions -> {
                    Shape shape = Shape.of(dimensions);
                    FloatTensor initial = FloatTensor.wrap(shape, floats(random, shape.size()));
                    return new Variable("layer", new WeightSpec("", "weight", shape, true), true, initial);
                })
                .toList();
    }

    private static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[][] gradients(int step) {
        Random random = new Random(step);
        return Arrays.stream(SHAPES)
                .map(shape -> floats(random, Shape.of(shape).size()))
                .toArray(float[][]::new);
    }

    private static final List<Constraint> CONSTRAINTS =
            Arrays.asList(new MaxNorm(1, NormAxes.FIRST), null, new MaxNorm(0.5, NormAxes.FIRST), null);

    @ParameterizedTest
    @MethodSource("optimizers")
    void threadsChangeNoBit(Optimizer optimizer) {
        List<Variable> serial = variables();
        List<Variable> parallel = variables();
        OptimizerState one = optimizer.start(serial, CONSTRAINTS);
        OptimizerState other = optimizer.start(parallel, CONSTRAINTS);
        for (int step = 0; step < 6; step++) {
            one.apply(gradients(step), Tasks.SERIAL);
            other.apply(gradients(step), PARALLEL);
        }
        one.finish();
        other.finish();
        assertThat(other.variables()).isEqualTo(one.variables());
        assertThat(parallel.stream().map(Variable::toTensor).toList())
                .isEqualTo(serial.stream().map(Variable::toTensor).toList());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsAllocateNothing(Optimizer optimizer) {
        OptimizerState state = optimizer.start(variables(), CONSTRAINTS);
        float[][] gradients = gradients(1);
        for (int step = 0; step < 20; step++) {
            state.apply(gradients, Tasks.SERIAL);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = -1;
        for (int attempt = 0; attempt < 8 && bytes != 0; attempt++) { // compiling allocates here, too, now and then
            long before = threads.getCurrentThreadAllocatedBytes();
            long asking = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            for (int step = 0; step < 50; step++) {
                state.apply(gradients, Tasks.SERIAL);
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before - asking;
        }
        assertThat(bytes).isZero();
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void averagesOfWhatHasNoGradientAnyMoreEndAtZero(Optimizer optimizer) {
        Variable variable = variables().get(2);
        OptimizerState state = optimizer.start(List.of(variable), Arrays.asList((Constraint) null));
        float[] gradient = new float[variable.size()];
        gradient[3] = 1e-3f;
        state.apply(new float[][] {gradient}, Tasks.SERIAL);
        for (int step = 1; step < 3072; step++) {
            state.apply(new float[][] {new float[variable.size()]}, Tasks.SERIAL);
        }
        for (OptimizerVariable kept : state.variables()) {
            if (kept.value().shape().equals(variable.shape())) {
                float size = Math.abs(kept.value().get(3));
                assertThat(size == 0 || size >= Float.MIN_NORMAL)
                        .as("%s is %s", kept.name(), size)
                        .isTrue();
            }
        }
    }

    @Test
    void paddingBehindVariablesIsLeftAlone() {
        List<Variable> variables = variables();
        OptimizerState state = Adam.with().weightDecay(0.1).ema(0.5).start(variables, CONSTRAINTS);
        variables.forEach(variable -> Arrays.fill(variable.values(), variable.size(), variable.values().length, 5));
        state.apply(gradients(1), Tasks.SERIAL);
        state.finish();
        for (Variable variable : variables) {
            for (int i = variable.size(); i < variable.values().length; i++) {
                assertThat(variable.values()[i]).isEqualTo(5);
            }
        }
    }

    @Test
    void normsThatAreNotFiniteDoWhatKerasDoes() {
        float[][] gradients = gradients(1);
        gradients[2][3] = Float.POSITIVE_INFINITY;
        List<Variable> variables = variables();
        Sgd.with()
                .clipNorm(1)
                .start(variables)
                .apply(Arrays.stream(gradients).map(float[]::clone).toArray(float[][]::new), Tasks.SERIAL);
        assertThat(variables.get(2).values()[3]).isNaN(); // infinity over infinity
        assertThat(variables.get(2).values()[2]).isEqualTo(variables().get(2).values()[2]); // something over infinity
        assertThat(variables.get(1).values()[0]).isFinite();

        variables = variables();
        Sgd.with().globalClipNorm(1).start(variables).apply(gradients, Tasks.SERIAL);
        assertThat(variables)
                .allSatisfy(variable -> assertThat(variable.values()[0]).isNaN());
    }

    @Test
    void theLearningRateIsSetUnlessAScheduleDecides() {
        OptimizerState state = Adam.with().start(variables());
        state.learningRate(0.5f);
        assertThat(state.learningRate()).isEqualTo(0.5f);
        assertThat(state.optimizer().config()).containsEntry("learning_rate", 0.5);
        assertThat(state.variables().get(1).value().get(0)).isEqualTo(0.5f);

        OptimizerState scheduled =
                Adam.with().learningRate(new ExponentialDecay(0.1, 1, 0.5)).start(variables());
        assertThatThrownBy(() -> scheduled.learningRate(0.5f))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("follows a schedule, ExponentialDecay, and cannot be set");
        scheduled.apply(gradients(1), Tasks.SERIAL);
        assertThat(scheduled.learningRate()).isEqualTo(0.05f);
    }

    @Test
    void theStateOfAModelThatWasNeverTrainedIsTaken() {
        OptimizerState state = Adam.with().start(variables());
        state.restore(List.of(variable(Tensor.of(new float[] {0})), variable(Tensor.of(new float[] {0.25f}))));
        assertThat(state.learningRate()).isEqualTo(0.25f);
        assertThat(state.iterations()).isZero();
    }

    private static OptimizerVariable variable(FloatTensor value) {
        return new OptimizerVariable("vars", value);
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndChangesNothing() {
        OptimizerState state = Adam.with().start(variables());
        List<OptimizerVariable> before = state.variables();
        List<OptimizerVariable> others =
                Sgd.with().momentum(0.5).start(variables()).variables();
        assertThatThrownBy(() -> state.restore(others))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "optimizer state: expected 10 variables, or 2 from a model that was never trained,"
                                + " found 6.");
        List<OptimizerVariable> wrong = new ArrayList<>(before);
        wrong.set(4, variable(Tensor.of(new float[] {1, 2}, 2)));
        wrong.set(0, variable(Tensor.of(new float[] {9})));
        assertThatThrownBy(() -> state.restore(wrong))
                .hasMessageStartingWith("optimizer state: variable 4 ('vars' in the file): expected shape [64, 256] of"
                        + " 'layer_weight_momentum', found [2].");
        List<OptimizerVariable> half = new ArrayList<>(before);
        half.set(0, variable(Tensor.of(new float[] {1.5f})));
        assertThatThrownBy(() -> state.restore(half))
                .hasMessage("optimizer state: expected a whole number of iterations from 0 on, found 1.5");
        assertThat(state.variables()).isEqualTo(before);
    }

    @Test
    void stepsAreCountedBeyondWhatAFloatCanCount() {
        List<Variable> variables = variables();
        OptimizerState state = Adam.with().start(variables, CONSTRAINTS);
        List<OptimizerVariable> kept = new ArrayList<>(state.variables());
        kept.set(0, OptimizerVariable.whole("vars/0", (1L << 24) + 1));
        state.restore(kept);
        assertThat(state.iterations()).isEqualTo((1L << 24) + 1);
        assertThat(state.variables().get(0).whole()).isEqualTo((1L << 24) + 1);
        kept.set(0, OptimizerVariable.whole("vars/0", -1));
        assertThatThrownBy(() -> state.restore(kept))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("found -1");
    }

    @Test
    void constraintsMustFitTheirVariables() {
        List<Constraint> constraints = Arrays.asList(null, null, new MaxNorm(1, NormAxes.of(1)), null);
        assertThatThrownBy(() -> Sgd.with().start(variables(), constraints))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("axis 1 of a weight of shape [7]");
    }
}
