package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed model is one that could have been saved by Keras: graph, configuration and weights agree. */
class ModelChangesTest {
    private static final Tensor INPUT = Tensor.of(new float[15], 1, 5, 3);

    @TempDir
    private Path folder;

    private final Model model = Rekur.load(GoldenFiles.root().resolve("trained_adam/model.keras"));

    @Test
    void aNewHeadHasItsWeightsAndTheRestKeepsTheirs() {
        Model changed = model.withLayer("dense", dense(5), ModelChangesTest::ones);
        assertThat(changed.predict(INPUT).shape().dimensions()).containsExactly(1, 5);
        assertThat(model.predict(INPUT).shape().dimensions()).containsExactly(1, 2);
        Model saved = saved(changed);
        assertThat(saved.predict(INPUT)).isEqualTo(changed.predict(INPUT));
        assertThat(saved.weights().get("dense", "bias"))
                .isEqualTo(FloatTensor.wrap(dev.rekur.tensor.Shape.of(5), of(5)));
        assertThat(saved.weights().get("lstm", "cell/kernel"))
                .isEqualTo(model.weights().get("lstm", "cell/kernel"));
        assertThat(saved.summary().toString()).contains("(None, 5)");
    }

    @Test
    void anOptimizersVariablesGoWhereTheWeightsTheyBelongToDo() {
        assertThat(variables(model)).isEqualTo(22);
        assertThat(variables(model.withLayer("dense", dense(5), ModelChangesTest::ones)))
                .isZero();
        assertThat(variables(model.withTrainable("lstm", false))).isZero();
        assertThat(variables(model.withTrainable("lstm", true))).isEqualTo(22);
        Map<String, Object> noDropout = new LinkedHashMap<>(
                model.configuration().orElseThrow().layer("lstm").orElseThrow());
        noDropout.put("dropout", 0.0);
        assertThat(variables(model.withLayer("lstm", noDropout))).isEqualTo(22);
    }

    @Test
    void aFrozenLayerIsFrozenInTheFile() {
        Model frozen = saved(model.withTrainable("lstm", false));
        assertThat(trainable(frozen, "lstm")).isFalse();
        assertThat(trainable(frozen, "dense")).isTrue();
        assertThat(trainable(saved(frozen.withTrainable("lstm", true)), "lstm")).isTrue();
        assertThat(frozen.predict(INPUT)).isEqualTo(model.predict(INPUT));
    }

    @Test
    void newWeightsAndOptimizerVariablesAreSaved() {
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : model.graph().layers()) {
            layer.weights().forEach(spec -> weights.put(layer.name(), spec, ones(spec)));
        }
        CompileConfiguration compile = model.compileConfiguration().orElseThrow();
        List<CompileConfiguration.OptimizerVariable> beginning = List.of(
                CompileConfiguration.OptimizerVariable.whole("vars/0", 77),
                new CompileConfiguration.OptimizerVariable(
                        "vars/1", FloatTensor.wrap(dev.rekur.tensor.Shape.of(), new float[] {0.5f})));
        Model changed = model.withWeights(weights.build())
                .withCompileConfiguration(new CompileConfiguration(compile.config(), beginning, 3));
        Model saved = saved(changed);
        assertThat(saved.weights().get("dense", "kernel").toArray()).containsOnly(1);
        CompileConfiguration savedCompile = saved.compileConfiguration().orElseThrow();
        assertThat(savedCompile.config()).isEqualTo(compile.config());
        assertThat(savedCompile.optimizerVariables()).hasSize(2);
        assertThat(savedCompile.optimizerVariables().get(0).value().get(0)).isEqualTo(77);
    }

    @Test
    void stepsAreCountedBeyondWhatAFloatCanCount() {
        long steps = (1L << 40) + 1;
        CompileConfiguration compile = model.compileConfiguration().orElseThrow();
        List<CompileConfiguration.OptimizerVariable> variables = new ArrayList<>(compile.optimizerVariables());
        variables.set(
                0, CompileConfiguration.OptimizerVariable.whole(variables.get(0).name(), steps));
        Model many = model.withCompileConfiguration(new CompileConfiguration(compile.config(), variables, 3));
        for (String name : List.of("saved.keras", "saved.h5")) {
            Path file = folder.resolve(name);
            many.save(file);
            assertThat(Rekur.load(file)
                            .compileConfiguration()
                            .orElseThrow()
                            .optimizerVariables()
                            .get(0)
                            .whole())
                    .as(name)
                    .isEqualTo(steps);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> model.withLayer("dense", dense(5)))
                .withMessageContaining("'kernel' of shape [4, 5]");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> model.withTrainable("head", false))
                .withMessageContaining("no layer 'head'; its layers are [input_layer, simple_rnn");
        Map<String, Object> unknown = new LinkedHashMap<>(dense(2));
        unknown.put("sparsity", 0.5);
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> model.withLayer("dense", unknown))
                .withMessageContaining("unknown configuration key 'sparsity'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.withWeights(Weights.builder().build()));
    }

    @Test
    void aModelWithoutItsConfigurationIsFrozenAndSavedToo() {
        Model inCode = new Model(model.graph(), model.weights(), Optional.empty());
        Model frozen = saved(inCode.withTrainable("dense", false));
        assertThat(trainable(frozen, "dense")).isFalse();
        assertThat(frozen.weights().get("dense", "kernel"))
                .isEqualTo(model.weights().get("dense", "kernel"));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> inCode.withLayer("dense", dense(2)))
                .withMessageContaining("put together in code");
    }

    private Map<String, Object> dense(int units) {
        Map<String, Object> config = new LinkedHashMap<>(
                model.configuration().orElseThrow().layer("dense").orElseThrow());
        config.put("units", (long) units);
        return config;
    }

    private Model saved(Model changed) {
        Path file = folder.resolve("changed.keras");
        changed.save(file);
        return Rekur.load(file);
    }

    private static int variables(Model model) {
        return model.compileConfiguration().orElseThrow().optimizerVariables().size();
    }

    private static boolean trainable(Model model, String layer) {
        return model.graph().layers().stream()
                .filter(found -> found.name().equals(layer))
                .findFirst()
                .orElseThrow()
                .trainable();
    }

    private static FloatTensor ones(WeightSpec spec) {
        return FloatTensor.wrap(spec.shape(), of(spec.shape().size()));
    }

    private static float[] of(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }
}
