package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.OptimizerTranslation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where nothing trains, nobody knows what optimizers keep: a model is written for another Keras without its state. */
class WithoutTranslationTest {
    private static final Optional<OptimizerTranslation> NONE = Optional.empty();

    @Test
    void theTestsHaveOne() {
        assertThat(OptimizerTranslation.installed()).isPresent();
    }

    @Test
    void forItsOwnKerasAModelKeepsItsOptimizer() {
        Model model = golden("model.keras");
        CompileConfiguration written = Keras3Training.of(model, NONE).orElseThrow();
        assertThat(written.config()).isEqualTo(compiled(model).config());
        assertThat(written.optimizerVariables())
                .isNotEmpty()
                .isEqualTo(compiled(model).optimizerVariables());
    }

    @Test
    void theStateOfKeras2IsLeftOutForKeras3() {
        Model model = golden("keras2.keras");
        CompileConfiguration translated = Keras3Training.of(model).orElseThrow();
        assertThat(translated.optimizerVariables()).isNotEmpty();
        CompileConfiguration written = Keras3Training.of(model, NONE).orElseThrow();
        assertThat(written.optimizerVariables()).isEmpty();
        assertThat(written.config().get("loss")).isEqualTo(translated.config().get("loss"));
        assertThat(settings(written))
                .containsEntry("learning_rate", settings(translated).get("learning_rate"))
                .doesNotContainKeys("jit_compile", "is_legacy_optimizer");
    }

    @Test
    void settingsThatKeras3WouldRefuseAreLeftOutWithTheState() {
        Model model = golden("keras2.keras");
        Map<String, Object> optimizer =
                new HashMap<>(object(Keras3Training.optimizer(compiled(model).config())));
        Map<String, Object> settings = new HashMap<>(object(optimizer.get("config")));
        settings.remove("is_legacy_optimizer");
        settings.put("decay", 0.1);
        optimizer.put("config", settings);
        Map<String, Object> config = new HashMap<>(compiled(model).config());
        config.remove("optimizer");
        config.put("optimizer_config", optimizer);
        Model earlier = model.withCompileConfiguration(new CompileConfiguration(config, List.of(), 2));
        assertThat(Keras3Training.of(earlier)).isPresent();
        assertThat(Keras3Training.of(earlier, NONE)).isEmpty();
    }

    @Test
    void whatATrainingHereHasMovedIsLeftOutForKeras2() {
        Model model = golden("keras2.keras");
        CompileConfiguration trained = Keras3Training.of(model).orElseThrow();
        Model moved = model.withCompileConfiguration(trained);
        assertThat(Keras2Training.of(moved).orElseThrow().optimizerVariables()).isNotEmpty();
        CompileConfiguration written = Keras2Training.of(moved, NONE).orElseThrow();
        assertThat(written.optimizerVariables()).isEmpty();
        assertThat(written.config())
                .isEqualTo(Keras2Training.of(moved).orElseThrow().config());
    }

    @Test
    void theWarningSaysWhatToAdd() {
        assertThat(Keras3Training.untranslatable("the state of the optimizer is left out", 3))
                .startsWith("the state of the optimizer is left out, since ")
                .contains("Keras 3", "add the artifact dev.rekur:rekur-training");
    }

    private static Map<String, Object> settings(CompileConfiguration compile) {
        return object(object(compile.config().get("optimizer")).get("config"));
    }

    private static Map<String, Object> object(Object json) {
        return JsonTree.object(json).orElseThrow();
    }

    private static CompileConfiguration compiled(Model model) {
        return model.compileConfiguration().orElseThrow();
    }

    private static Model golden(String file) {
        return Rekur.load(GoldenFiles.root().resolve("trained_adam").resolve(file));
    }
}
