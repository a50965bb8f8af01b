package dev.rekur.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two weights of equal shape, so that nothing but names and order tells what is kept for which. */
class Keras2StateTest {
    private static final Shape SHAPE = Shape.of(1);

    private static final List<Variable> WEIGHTS = List.of(weight("a"), weight("b"));

    private static Variable weight(String layer) {
        return new Variable(
                layer, new WeightSpec("", "kernel", SHAPE, true), true, FloatTensor.wrap(SHAPE, new float[1]));
    }

    @Test
    void tensorFlowKeepsAllMBeforeAllV() {
        assertThat(restored(
                        Adam.with(),
                        "Adam/iter:0",
                        "Adam/a/kernel/m:0",
                        "Adam/b/kernel/m:0",
                        "Adam/a/kernel/v:0",
                        "Adam/b/kernel/v:0"))
                .containsExactly(1, 3, 2, 4);
    }

    @Test
    void keras211InterleavesThem() {
        assertThat(restored(
                        Adam.with(),
                        "iteration:0",
                        "Adam/m/a/kernel:0",
                        "Adam/v/a/kernel:0",
                        "Adam/m/b/kernel:0",
                        "Adam/v/b/kernel:0"))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void keras23NumbersThemAndKeepsPlaceholders() {
        assertThat(restored(
                        Adam.with(),
                        "Adam/iterations:0",
                        "training/Adam/m_0_1:0",
                        "training/Adam/m_1_1:0",
                        "training/Adam/v_0_1:0",
                        "training/Adam/v_1_1:0",
                        "training/Adam/vhat_0_1:0",
                        "training/Adam/vhat_1_1:0"))
                .containsExactly(1, 3, 2, 4);
    }

    @Test
    void beforeThatThereAreNoNamesAndForSomeOptimizersNoIteration() {
        assertThat(restored(
                        Adam.with(),
                        "Adam/iterations:0",
                        "training/Adam/Variable:0",
                        "training/Adam/Variable_1:0",
                        "training/Adam/Variable_2:0",
                        "training/Adam/Variable_3:0",
                        "training/Adam/Variable_4:0",
                        "training/Adam/Variable_5:0"))
                .containsExactly(1, 3, 2, 4);
        List<OptimizerVariable> stored =
                List.of(variable("training/RMSprop/Variable:0", 1), variable("training/RMSprop/Variable_1:0", 2));
        OptimizerState state = RmsProp.with().start(WEIGHTS);
        assertThat(state.restoreKeras2(stored)).isEmpty();
        assertThat(slots(state)).containsExactly(1, 2);
        assertThat(state.iterations()).isZero();
    }

    @Test
    void momentaThatAreNotUsedAreLeftAndTheNamesOfAllVersionsAreKnown() {
        assertThat(restored(Sgd.with(), "SGD/iterations:0", "training/SGD/Variable:0", "training/SGD/Variable_1:0"))
                .isEmpty();
        assertThat(restored(
                        RmsProp.with().momentum(0.9).centered(true),
                        "RMSprop/iter:0",
                        "RMSprop/a/kernel/rms:0",
                        "RMSprop/b/kernel/rms:0",
                        "RMSprop/a/kernel/momentum:0",
                        "RMSprop/b/kernel/momentum:0",
                        "RMSprop/a/kernel/mg:0",
                        "RMSprop/b/kernel/mg:0"))
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(restored(
                        Adadelta.with(),
                        "Adadelta/iterations:0",
                        "t/Adadelta/accumulator_0:0",
                        "t/Adadelta/accumulator_1:0",
                        "t/Adadelta/delta_accumulator_0:0",
                        "t/Adadelta/delta_accumulator_1:0"))
                .containsExactly(1, 3, 2, 4);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aProductOfAnyNumberOfStepsIsFoundAtOnce() {
        for (double beta1 : new double[] {0.9, 0.9999999, 1, 2}) {
            for (long steps : new long[] {1L << 62, Long.MAX_VALUE}) {
                OptimizerState state = Nadam.with().beta1(beta1).start(WEIGHTS);
                assertThat(state.restoreKeras2(List.of(
                                OptimizerVariable.whole("Nadam/iter:0", steps),
                                variable("Nadam/a/kernel/m:0", 1),
                                variable("Nadam/b/kernel/m:0", 2),
                                variable("Nadam/a/kernel/v:0", 3),
                                variable("Nadam/b/kernel/v:0", 4))))
                        .isEmpty();
                assertThat(state.iterations()).isEqualTo(steps);
            }
        }
    }

    @Test
    void theWeightThatANameTellsOfCountsMoreThanTheOrder() {
        OptimizerState state = Sgd.with().momentum(0.9).start(WEIGHTS);
        assertThat(state.restoreKeras2(List.of(
                        OptimizerVariable.whole("SGD/iter:0", 3),
                        named("SGD/b/kernel/momentum:0", 1, "b/kernel"),
                        named("SGD/a/kernel/momentum:0", 2, "a/kernel"))))
                .isEmpty();
        assertThat(slots(state)).containsExactly(2, 1);
    }

    @Test
    void whatHasNoPlaceIsLeftOutAndNothingChanges() {
        OptimizerState state = Adam.with().start(WEIGHTS);
        List<OptimizerVariable> stored = List.of(
                OptimizerVariable.whole("Adam/iter:0", 3),
                variable("Adam/a/kernel/m:0", 1),
                variable("Adam/a/kernel/v:0", 2));
        assertThat(state.restoreKeras2(stored))
                .hasValueSatisfying(reason -> assertThat(reason).contains("'momentum' of 2 weights, found 1"));
        assertThat(slots(state)).containsExactly(0, 0, 0, 0);
        assertThat(state.iterations()).isZero();
    }

    @Test
    void settingsOfEarlierOptimizersAreReadAsTheyWereMeant() {
        Map<String, Object> old = Map.of("lr", 0.5, "rho", 0.9, "decay", 0.1, "epsilon", 1e-4, "clipnorm", 2.0);
        Map<String, Object> config = read("RMSprop", old).config();
        assertThat(config.get("learning_rate").toString())
                .contains("InverseTimeDecay")
                .contains("decay_rate=0.1");
        assertThat((double) config.get("epsilon")).isEqualTo(1e-8, org.assertj.core.data.Offset.offset(1e-20));
        assertThat(config).containsEntry("global_clipnorm", 2.0).containsEntry("clipnorm", null);
        assertThat(read("RMSprop", old).learningRate().at(10)).isEqualTo(0.25f);
        Map<String, Object> tensorFlows = Map.of("name", "SGD", "learning_rate", 0.5, "decay", 0.0, "clipnorm", 2.0);
        assertThat(read("SGD", tensorFlows).config())
                .containsEntry("clipnorm", 2.0)
                .containsEntry("learning_rate", 0.5);
        Map<String, Object> new2 = Map.of("use_ema", false, "learning_rate", 0.5, "epsilon", 1e-4);
        assertThat(read("RMSprop", new2).config()).containsEntry("epsilon", 1e-4);
    }

    private static Optimizer read(String className, Map<String, Object> config) {
        List<dev.rekur.error.Problem> problems = new ArrayList<>();
        Optional<Optimizer> read = Optimizers.fromConfig(
                Map.of("class_name", className, "config", config), "$", KerasVersion.LAST_OF_KERAS_2, problems);
        assertThat(problems).isEmpty();
        return read.orElseThrow();
    }

    /** What an optimizer keeps, in Keras 3's order, after reading variables with the values 1, 2, ... behind the iteration. */
    private static List<Integer> restored(Optimizer optimizer, String... names) {
        List<OptimizerVariable> stored = new ArrayList<>();
        stored.add(OptimizerVariable.whole(names[0], 7));
        for (int i = 1; i < names.length; i++) {
            stored.add(variable(names[i], i));
        }
        OptimizerState state = optimizer.start(WEIGHTS);
        assertThat(state.restoreKeras2(stored)).isEmpty();
        assertThat(state.iterations()).isEqualTo(7);
        return slots(state);
    }

    private static List<Integer> slots(OptimizerState state) {
        return state.slots().stream().map(slot -> (int) slot.values()[0]).toList();
    }

    private static OptimizerVariable variable(String name, float value) {
        return new OptimizerVariable(name, FloatTensor.wrap(SHAPE, new float[] {value}));
    }

    private static OptimizerVariable named(String name, float value, String weight) {
        return new OptimizerVariable(name, FloatTensor.wrap(SHAPE, new float[] {value}), null, weight);
    }
}
