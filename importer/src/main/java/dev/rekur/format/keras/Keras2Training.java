package dev.rekur.format.keras;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.model.OptimizerTranslation;
import dev.rekur.model.OptimizerTranslation.StoredOptimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a model is compiled, in Keras 2's words. What Keras 2 wrote of an optimizer stays as it is. Of one that a training here has
 * moved, the optimizers of Keras 2.11 to 2.15 keep the same in the same order, but for the learning rate, the product of
 * Nadam, and momenta of an SGD that does not use them. A model that Keras 3 compiled is written without that.
 */
final class Keras2Training {
    private static final Logger LOG = LoggerFactory.getLogger(Keras2Training.class);

    /** What Keras 3 writes of every optimizer and Keras 2 does not know. */
    private static final Set<String> ONLY_KERAS_3 = Set.of("loss_scale_factor", "gradient_accumulation_steps");

    private static final List<String> OBJECTIVES = List.of("loss", "metrics", "weighted_metrics");

    private Keras2Training() {}

    /** Empty if the model is not compiled, or in a way that Keras 2 has no words for. */
    static Optional<CompileConfiguration> of(Model model) {
        return of(model, OptimizerTranslation.installed());
    }

    static Optional<CompileConfiguration> of(Model model, Optional<OptimizerTranslation> translation) {
        Optional<CompileConfiguration> known = model.compileConfiguration();
        if (known.isEmpty()) {
            return known;
        }
        if (TargetModel.configuration(model).kerasMajor() == 3) {
            LOG.warn("Keras 2 has other optimizers than Keras 3: the model is written without its own, and has to be"
                    + " compiled before it is trained further");
            return Optional.empty();
        }
        CompileConfiguration compile = known.get();
        Object optimizer = Keras3Training.optimizer(compile.config());
        if (optimizer == null) {
            LOG.warn("the file does not say with which optimizer the model was compiled, as of one of TensorFlow's own;"
                    + " the model is written as if it were not compiled");
            return Optional.empty();
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>(compile.config());
        OBJECTIVES.forEach(key -> config.computeIfPresent(key, (name, value) -> Objectives.forKeras2(value)));
        if (compile.optimizerMajor() == 2) {
            return Optional.of(new CompileConfiguration(KerasObjects.asObject(config), compile.stored(), 2));
        }
        Map<String, Object> object = JsonTree.object(optimizer).orElse(Map.of());
        Map<String, @Nullable Object> settings =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        if (settings.get("gradient_accumulation_steps") instanceof Number) {
            LOG.warn("Keras 2 does not accumulate gradients; the model is written without its optimizer");
            return Optional.empty();
        }
        settings.keySet().removeAll(ONLY_KERAS_3);
        settings.replaceAll((key, value) -> plain(value));
        settings.put("jit_compile", false);
        settings.put("is_legacy_optimizer", false);
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("class_name", "Custom>" + object.get("class_name")); // as Keras 2.12 to 2.15 call their own
        plain.put("config", settings);
        config.remove("optimizer");
        config.put("optimizer_config", plain);
        return Optional.of(new CompileConfiguration(
                KerasObjects.asObject(config),
                variables(model, optimizer, compile.optimizerVariables(), translation),
                2));
    }

    /** A schedule without its module. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (!KerasObjects.isObject(value)) {
            return value;
        }
        Map<String, Object> object = JsonTree.object(value).orElseThrow();
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        plain.put("class_name", object.get("class_name"));
        plain.put("config", object.get("config"));
        return plain;
    }

    private static List<OptimizerVariable> variables(
            Model model, Object optimizer, List<OptimizerVariable> stored, Optional<OptimizerTranslation> translation) {
        if (stored.isEmpty()) {
            return stored;
        }
        if (translation.isEmpty()) {
            Keras3Training.warnUntranslatable("the state of the optimizer is left out", 2);
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        StoredOptimizer read = translation
                .get()
                .read(optimizer, "$.optimizer_config", KerasVersion.NEWEST, problems)
                .orElseThrow();
        try {
            return read.variables(model, stored, 3, 2);
        } catch (InvalidInputException misfit) {
            LOG.warn(
                    "the state of the optimizer is left out, since it cannot be placed: {}; Keras 2 will begin afresh",
                    misfit.getMessage());
            return List.of();
        }
    }
}
