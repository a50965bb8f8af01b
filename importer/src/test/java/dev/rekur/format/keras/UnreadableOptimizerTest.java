package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.Trainer;
import dev.rekur.training.data.Dataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state of an optimizer that cannot be read or placed keeps no model from being used: it is left out. */
class UnreadableOptimizerTest {
    private static final FloatTensor INPUT = Tensor.of(new float[15], 1, 5, 3);
    private static final int ITERATIONS = 77;

    @TempDir
    private Path folder;

    private final Model model = golden("model.keras");

    @ParameterizedTest
    @ValueSource(strings = {"model.keras", "model.h5"})
    void aModelIsUsedWithoutTheVariablesThatCannotBeRead(String name) {
        Model loaded = saved(name, "vars/2", FloatTensor.wrap(Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1), new float[1]));
        assertIsUsedWithoutThem(loaded);
    }

    @Test
    void variablesUnderUnknownNamesAreNotTakenForOthers() {
        assertIsUsedWithoutThem(saved("model.keras", "vars/22", Tensor.of(new float[] {1})));
    }

    @Test
    void variablesThatDoNotFitTheWeightsAreNotPlaced() {
        for (String from : List.of("model.keras", "model.h5")) {
            Model misfit = changed(golden(from), "vars/2", Tensor.of(new float[] {1}));
            assertThat(variables(trained(misfit)).get(0).whole()).isEqualTo(1);
            for (String to : List.of("model.keras", "model.h5")) {
                misfit.save(folder.resolve(to));
                assertThat(variables(Rekur.load(folder.resolve(to))))
                        .as(from + to)
                        .isEmpty();
            }
        }
    }

    @Test
    void anOptimizerBeginsAfreshWhoseStateIsDamaged() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenFiles.root().resolve("trained_adam/model.h5"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("adam/sequential_dense_kernel_momentum")] =
                'b'; // the list of names, or the group that they lead to
        Model loaded = Rekur.load("damaged.h5", bytes);
        assertThat(loaded.predict(INPUT)).isEqualTo(model.predict(INPUT));
        assertThat(variables(loaded)).isEmpty();
        assertThat(variables(trained(loaded)).get(0).whole()).isEqualTo(1);
    }

    private static Model golden(String file) {
        return Rekur.load(GoldenFiles.root().resolve("trained_adam").resolve(file));
    }

    private void assertIsUsedWithoutThem(Model loaded) {
        assertThat(loaded.predict(INPUT)).isEqualTo(model.predict(INPUT));
        assertThat(variables(loaded)).isEmpty();
        for (String converted : List.of("other.keras", "other.h5", "other.weights.h5")) {
            loaded.save(folder.resolve(converted));
        }
        Model again = Rekur.load(folder.resolve("other.keras"));
        assertThat(again.predict(INPUT)).isEqualTo(model.predict(INPUT));
        assertThat(again.compileConfiguration()).isPresent();
    }

    /** What a file has of an optimizer that is not known, so that its variables are written as they are. */
    private Model saved(String name, String variable, FloatTensor value) {
        Model changed = changed(model, variable, value);
        List<OptimizerVariable> variables = variables(changed);
        Map<String, Object> config = Map.of("optimizer", Map.of("class_name", "Custom>Own", "config", Map.of()));
        Path file = folder.resolve(name);
        changed.withCompileConfiguration(new CompileConfiguration(config, variables, 3))
                .save(file);
        return Rekur.load(file);
    }

    /** The model with an optimizer that has iterated, and has one more variable. */
    private static Model changed(Model model, String variable, FloatTensor value) {
        CompileConfiguration compile = model.compileConfiguration().orElseThrow();
        List<OptimizerVariable> variables =
                new ArrayList<>(compile.optimizerVariables().subList(0, 2));
        variables.set(0, OptimizerVariable.whole(variables.get(0).name(), ITERATIONS));
        variables.add(new OptimizerVariable(variable, value));
        return model.withCompileConfiguration(new CompileConfiguration(compile.config(), variables, 3));
    }

    private Model trained(Model loaded) {
        Tensor targets = loaded.predict(INPUT);
        return Trainer.of(loaded).fit(Dataset.of(INPUT, targets)).model();
    }

    private static List<OptimizerVariable> variables(Model model) {
        return model.compileConfiguration().orElseThrow().optimizerVariables();
    }
}
