package dev.rekur.format.keras;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.model.OptimizerTranslation;
import dev.rekur.model.OptimizerTranslation.StoredOptimizer;
import dev.rekur.model.OptimizerVariables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a model is compiled, in Keras 3's words: {@code compile_config} with its objects' modules, and the optimizer's
 * variables in the order of Keras 3. Legacy files say the same with {@code optimizer_config}. An optimizer of Keras 2 is read
 * as a training reads it, and written as Keras 3 writes it. What has no equal is left out with a warning, since the model
 * predicts without it.
 */
final class Keras3Training {
    private static final Logger LOG = LoggerFactory.getLogger(Keras3Training.class);

    /** What {@code Model.compile} takes; the first are left out if null. */
    private static final List<String> SETTINGS = List.of("run_eagerly", "steps_per_execution", "jit_compile");

    private static final List<String> OBJECTIVES = List.of("loss", "loss_weights", "metrics", "weighted_metrics");

    /** Of Keras 2's optimizers, those that Keras 3 has too and Rekur has not. */
    private static final Set<String> ONLY_KERAS = Set.of("Adafactor");

    /** What Keras 2 writes of every optimizer and Keras 3 does not know. */
    private static final Set<String> ONLY_KERAS_2 = Set.of("jit_compile", "is_legacy_optimizer");

    private Keras3Training() {}

    /** Empty if the model is not compiled, or in a way that Keras 3 has no words for. */
    static Optional<CompileConfiguration> of(Model model) {
        return of(model, OptimizerTranslation.installed());
    }

    static Optional<CompileConfiguration> of(Model model, Optional<OptimizerTranslation> translation) {
        return model.compileConfiguration().flatMap(compile -> of(model, compile, translation));
    }

    private static Optional<CompileConfiguration> of(
            Model model, CompileConfiguration compile, Optional<OptimizerTranslation> translation) {
        int major = TargetModel.configuration(model).kerasMajor();
        Object stored = optimizer(compile.config());
        if (major == 3 && stored != null && compile.config().get("optimizer") != null) {
            OptimizerVariables fitting = OptimizerVariables.readBy(() -> fitting(model, stored, compile, translation));
            return Optional.of(new CompileConfiguration(compile.config(), fitting, 3));
        }
        if (stored == null) {
            LOG.warn("the file does not say with which optimizer the model was compiled, as of one of TensorFlow's own;"
                    + " the model is written as if it were not compiled");
            return Optional.empty();
        }
        if (compile.optimizerMajor() == 2) {
            return translation.isPresent()
                    ? fromKeras2(model, compile, stored, translation.get())
                    : untranslated(model, compile, stored);
        }
        return JsonTree.object(stored)
                .map(object -> compiled(
                        model, compile, major, withModules(object), fitting(model, stored, compile, translation)));
    }

    /** The optimizer, which legacy files name otherwise; null if there is none. */
    static @Nullable Object optimizer(Map<String, Object> config) {
        return config.get("optimizer") == null ? config.get("optimizer_config") : config.get("optimizer");
    }

    /** The variables as they are, unless it is known that the optimizer has others. */
    private static List<OptimizerVariable> fitting(
            Model model, Object stored, CompileConfiguration compile, Optional<OptimizerTranslation> translation) {
        List<OptimizerVariable> variables = compile.optimizerVariables();
        List<Problem> problems = new ArrayList<>();
        Optional<StoredOptimizer> optimizer = translation.flatMap(known ->
                known.read(stored, "optimizer", TargetModel.configuration(model).version(), problems));
        if (variables.isEmpty() || optimizer.isEmpty() || !problems.isEmpty()) {
            return variables;
        }
        try {
            optimizer.get().variables(model, variables, 3, 3);
            return variables;
        } catch (InvalidInputException misfit) {
            return leftOut(optimizer.get(), misfit.getMessage());
        }
    }

    private static Optional<CompileConfiguration> fromKeras2(
            Model model, CompileConfiguration compile, Object stored, OptimizerTranslation translation) {
        List<Problem> problems = new ArrayList<>();
        Optional<StoredOptimizer> optimizer = translation.read(
                stored, "$.optimizer_config", TargetModel.configuration(model).version(), problems);
        if (optimizer.isPresent() && problems.isEmpty()) {
            return Optional.of(compiled(
                    model,
                    compile,
                    2,
                    optimizer.get().forKeras3(),
                    compile.optimizerVariables().isEmpty()
                            ? List.of()
                            : variables(model, optimizer.get(), compile.optimizerVariables())));
        }
        Map<String, Object> object = JsonTree.object(stored).orElse(Map.of());
        String className = String.valueOf(object.get("class_name"));
        if (ONLY_KERAS.contains(className.substring(className.lastIndexOf('>') + 1))) {
            LOG.warn("the state of the optimizer {} is left out; Keras 3 will begin afresh", className);
            return Optional.of(compiled(model, compile, 2, withModules(object), List.of()));
        }
        LOG.warn(
                "the optimizer {} has no equal in Keras 3: {}; the model is written without it, and has to be compiled",
                className,
                problems.isEmpty() ? "it is not known" : problems.get(0).finding());
        return Optional.empty();
    }

    /** Keras 3 takes the settings that Keras 2.11 to 2.15 write. Those of earlier ones it would refuse, and the file with them. */
    private static Optional<CompileConfiguration> untranslated(
            Model model, CompileConfiguration compile, Object stored) {
        Map<String, Object> object = JsonTree.object(stored).orElse(Map.of());
        Map<String, Object> settings = JsonTree.object(object.get("config")).orElse(Map.of());
        if (!Boolean.FALSE.equals(settings.get("is_legacy_optimizer"))) {
            warnUntranslatable("the model is written without its optimizer, and has to be compiled", 3);
            return Optional.empty();
        }
        if (!compile.optimizerVariables().isEmpty()) {
            warnUntranslatable("the state of the optimizer is left out", 3);
        }
        return Optional.of(compiled(model, compile, 2, withModules(object), List.of()));
    }

    static void warnUntranslatable(String consequence, int major) {
        LOG.warn("{}; {}", untranslatable(consequence, major), "docs/TROUBLESHOOTING.md#optimizer-state");
    }

    /** Why something is not in the file, and what to do. */
    static String untranslatable(String consequence, int major) {
        return consequence + ", since nothing here can say it in the words of Keras " + major
                + ": add the artifact dev.rekur:rekur-training";
    }

    private static List<OptimizerVariable> variables(
            Model model, StoredOptimizer optimizer, List<OptimizerVariable> stored) {
        try {
            return optimizer.variables(model, stored, 2, 3);
        } catch (InvalidInputException misfit) {
            return leftOut(optimizer, misfit.getMessage());
        }
    }

    private static List<OptimizerVariable> leftOut(StoredOptimizer optimizer, @Nullable String reason) {
        LOG.warn(
                "the state of the optimizer {} is left out, since it cannot be placed: {}; Keras 3 will begin afresh",
                optimizer.className(),
                reason);
        return List.of();
    }

    private static Map<String, Object> withModules(Map<String, Object> object) {
        String className = String.valueOf(object.get("class_name"));
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        config.keySet().removeAll(ONLY_KERAS_2);
        config.replaceAll(KerasObjects::withModules);
        return KerasObjects.object(
                "keras.optimizers", className.substring(className.lastIndexOf('>') + 1), KerasObjects.asObject(config));
    }

    private static CompileConfiguration compiled(
            Model model,
            CompileConfiguration compile,
            int major,
            Map<String, Object> optimizer,
            List<OptimizerVariable> variables) {
        Map<String, Object> from = compile.config();
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("optimizer", optimizer);
        for (String key : OBJECTIVES) {
            String module = key.contains("metrics") ? "keras.metrics" : "keras.losses";
            Object said = key.contains("metrics") && major == 2
                    ? ofEachOutput(from.get(key), model.graph().outputNames().size())
                    : from.get(key);
            config.put(key, key.equals("loss_weights") ? said : Objectives.forKeras3(said, module, major));
        }
        for (String key : SETTINGS) {
            if (from.get(key) != null) {
                config.put(key, from.get(key));
            }
        }
        return new CompileConfiguration(KerasObjects.asObject(config), variables, 3);
    }

    /** Metrics in a list are those of every output in Keras 2; Keras 3 wants a list for each output. */
    private static @Nullable Object ofEachOutput(@Nullable Object metrics, int outputs) {
        boolean listed = metrics instanceof List<?> list
                && !list.isEmpty()
                && list.stream().noneMatch(element -> element instanceof List);
        return listed && metrics != null && outputs > 1 ? Collections.nCopies(outputs, metrics) : metrics;
    }
}
