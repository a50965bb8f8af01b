package dev.rekur.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.training.optimizer.schedule.ConstantRate;
import dev.rekur.training.optimizer.schedule.CosineDecay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How optimizers are made: in code, from names, from files, from the command line. */
class OptimizersTest {
    private final List<Problem> problems = new ArrayList<>();

    private Optional<Optimizer> read(Object serialized) {
        return Optimizers.fromConfig(serialized, "$.optimizer", KerasVersion.LAST_OF_KERAS_2, problems);
    }

    private Optional<Optimizer> read(String className, Map<String, Object> config) {
        return read(Map.of("class_name", className, "config", config));
    }

    private List<String> findings() {
        return problems.stream().map(Problem::finding).toList();
    }

    @Test
    void settingsAreMadeFluently() {
        Optimizer optimizer =
                Adam.with().learningRate(1e-3).clipNorm(1.0).beta1(0.8).ema(0.9);
        assertThat(optimizer.config())
                .containsEntry("learning_rate", (double) 1e-3f)
                .containsEntry("clipnorm", 1.0)
                .containsEntry("beta_1", 0.8)
                .containsEntry("use_ema", true)
                .containsEntry("ema_momentum", 0.9);
        assertThat(Adam.with()).isEqualTo(Optimizers.named("adam")).isNotEqualTo(optimizer);
        assertThat(Sgd.with().learningRate(new CosineDecay(0.1, 100, 0)).learningRate())
                .isEqualTo(new CosineDecay(0.1, 100, 0));
    }

    @Test
    void everyNameGivesTheOptimizerThatHasIt() {
        for (String name : Optimizers.names()) {
            assertThat(Optimizers.named(name).className()).isEqualTo(name);
            assertThat(Optimizers.named(name.toLowerCase(Locale.ROOT)).serialized())
                    .isEqualTo(read(name).orElseThrow().serialized());
        }
        assertThat(problems).isEmpty();
        assertThatThrownBy(() -> Optimizers.named("muon"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no optimizer 'muon'; there are Adadelta, Adagrad, Adam,");
    }

    @Test
    void keras2ConfigurationsAreRead() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", "Adam");
        config.put("weight_decay", null);
        config.put("jit_compile", true);
        config.put("is_legacy_optimizer", false);
        config.put("learning_rate", 0.01);
        config.put("decay", 0.0);
        config.put("epsilon", null);
        Optimizer adam = read("Custom>Adam", config).orElseThrow();
        assertThat(adam.learningRate()).isEqualTo(new ConstantRate(0.01f));
        assertThat(adam.config()).containsEntry("epsilon", 1e-7);
        assertThat(read("SGD", Map.of("lr", 0.5)).orElseThrow().learningRate()).isEqualTo(new ConstantRate(0.5f));
        assertThat(read(Map.of("class_name", "Adam", "registered_name", "Custom>Adam", "config", Map.of())))
                .contains(Adam.with());
        assertThat(problems).isEmpty();
    }

    @Test
    void whatRekurLacksIsNamed() {
        assertThat(read("Adafactor", Map.of())).isEmpty();
        assertThat(read(Map.of("class_name", "Adam", "registered_name", "mine>Adam", "config", Map.of())))
                .isEmpty();
        assertThat(read(7)).isEmpty();
        Map<String, Object> schedule = Map.of(
                "class_name",
                "ExponentialDecay",
                "config",
                Map.of("initial_learning_rate", 0.1, "decay_steps", 10, "decay_rate", 0.9));
        read("SGD", Map.of("decay", 1e-4, "learning_rate", schedule));
        read("SGD", Map.of("loss_scale_factor", 2.0));
        read("SGD", Map.of("speed", "fast"));
        read("SGD", Map.of("learning_rate", Map.of("class_name", "Mine", "config", Map.of())));
        assertThat(findings())
                .containsExactly(
                        "optimizer 'Adafactor' is not supported",
                        "custom optimizer 'mine>Adam' is not supported",
                        "expected a name or an object with 'class_name' and 'config'",
                        "'decay' of Keras 2 beside a schedule of the learning rate is not supported",
                        "'loss_scale_factor' is not supported",
                        "unknown configuration key 'speed' = 'fast'",
                        "learning-rate schedule 'Mine' is not supported");
    }

    @Test
    void whatKerasRefusesIsRefused() {
        read("SGD", Map.of("momentum", 1.5));
        read("SGD", Map.of("clipnorm", 1.0, "clipvalue", 1.0));
        read("SGD", Map.of("use_ema", true, "ema_momentum", 2.0));
        read("SGD", Map.of("gradient_accumulation_steps", 1));
        read("Lion", Map.of("beta_1", 0.0));
        read("Ftrl", Map.of("learning_rate_power", 1.0));
        read("Ftrl", Map.of("l1_regularization_strength", -1.0));
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("weight_decay", null);
        read("AdamW", none);
        assertThat(findings())
                .containsExactly(
                        "'momentum': expected 0 to 1, found 1.5",
                        "found several of [clipnorm, global_clipnorm, clipvalue]",
                        "'ema_momentum': expected 0 to 1, found 2.0",
                        "'gradient_accumulation_steps': expected at least 2, found 1",
                        "'beta_1': expected more than 0 and at most 1, found 0.0",
                        "'learning_rate_power': expected at most 0, found 1.0",
                        "'l1_regularization_strength': expected at least 0, found -1.0",
                        "'weight_decay': expected a number, found null");
        assertThatThrownBy(() -> Sgd.with().momentum(-1)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "learning_rate, 0.25, 0.25",
        "learning_rate, 1, 1.0",
        "beta_1, 0.5, 0.5",
        "clipnorm, 1, 1.0",
        "clipnorm, none, ",
        "amsgrad, True, true",
        "use_ema, true, true",
        "gradient_accumulation_steps, 4, 4",
        "name, mine, mine"
    })
    void settingsAreMadeFromText(String key, String value, String expected) {
        assertThat(String.valueOf(Adam.with().withSetting(key, value).config().get(key)))
                .isEqualTo(String.valueOf(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "momentum; 0.9; Adam: there is no setting 'momentum'",
                "beta_1; fast; Adam: 'beta_1': expected a finite number, found 'fast'",
                "amsgrad; 1; Adam: 'amsgrad': expected true or false, found 1.0",
                "gradient_accumulation_steps; 2.5; Adam: 'gradient_accumulation_steps': expected a whole number",
                "loss_scale_factor; 2; Adam: 'loss_scale_factor' is not supported"
            })
    void settingsThatMakeNoSenseAreErrors(String key, String value, String message) {
        assertThatThrownBy(() -> Adam.with().withSetting(key, value))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }
}
