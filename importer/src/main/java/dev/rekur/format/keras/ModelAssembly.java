package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.RekurException;
import dev.rekur.format.ModelReading;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Weights;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerRegistry;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import dev.rekur.model.OptimizerVariables;
import dev.rekur.model.Outline;
import dev.rekur.model.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a model together from a configuration and its variables; what all of Keras's formats have in common.
 *
 * @param source the file's name
 * @param format the format's name
 * @param registry the layers that the file may use
 */
record ModelAssembly(String source, String format, LayerRegistry registry) {
    private static final Logger LOG = LoggerFactory.getLogger(ModelAssembly.class);

    /**
     * Reads the model.
     *
     * @param root the configuration {@code {class_name, config, ...}}
     * @param place where it stands, for messages
     * @param kerasVersion as the file says, if it does
     * @param training how the model was compiled, if the file says
     */
    ModelReading read(
            Map<String, Object> root,
            String place,
            Optional<String> kerasVersion,
            Optional<Map<String, Object>> training,
            Vocabularies vocabularies,
            ModelVariables variables) {
        List<Problem> problems = new ArrayList<>();
        if (Keras1.wrote(kerasVersion, root)) {
            String first = "Keras " + kerasVersion.orElse("1");
            return new ModelReading(
                    source,
                    format,
                    first,
                    List.of(),
                    List.of(Keras1.problem(place)),
                    Optional.empty(),
                    Optional.empty());
        }
        KerasVersion version = WriterVersion.of(kerasVersion, root);
        String writer = "Keras " + kerasVersion.orElse(String.valueOf(version.major()));
        ModelConfig model = ModelConfigReader.read(source, place, root, version, problems);
        List<ModelReading.LayerReport> layers = LayerEntries.report(model.entries(), registry);
        Optional<Graph> graph = ModelConfigReader.graph(model, registry, vocabularies);
        if (graph.isEmpty() || !problems.isEmpty()) {
            Optional<Summary> summary = outlined(model, training, vocabularies, variables);
            return new ModelReading(source, format, writer, layers, problems, Optional.empty(), summary);
        }
        Weights weights = variables.weights(model, graph.get());
        Outline outline = Outline.of(graph.get());
        Optional<CompileConfiguration> compile = compiled(training, variables, outline, version);
        ModelConfiguration configuration =
                new ModelConfiguration(UnsaidKeys.written(root, version), version, vocabularies.learned(), registry);
        if (WriterVersion.said(kerasVersion, root).isEmpty()
                && version.major() == 3
                && AssumedVersion.matters(graph.get(), configuration)) {
            LOG.warn(
                    "{} does not say which Keras wrote it, and is read as Keras {}.{} reads it; an older Keras 3 would give"
                            + " some layers other masks; {}",
                    source,
                    version.major(),
                    version.minor(),
                    "docs/TROUBLESHOOTING.md#keras-versions");
        }
        Model read = new Model(graph.get(), weights, compile, Optional.of(configuration));
        Summary summary = Summary.of(outline, compile);
        return new ModelReading(source, format, writer, layers, problems, Optional.of(read), Optional.of(summary));
    }

    /** What can be told of a model with problems; nothing if its weights are broken too. */
    private Optional<Summary> outlined(
            ModelConfig model,
            Optional<Map<String, Object>> training,
            Vocabularies vocabularies,
            ModelVariables variables) {
        if (model.entries().isEmpty()) {
            return Optional.empty();
        }
        try {
            Outline outline = OutlineReader.read(model, registry, vocabularies, variables);
            return Optional.of(Summary.of(outline, compiled(training, variables, outline, model.version())));
        } catch (RekurException broken) {
            return Optional.empty();
        }
    }

    private Optional<CompileConfiguration> compiled(
            Optional<Map<String, Object>> training, ModelVariables variables, Outline model, KerasVersion version) {
        long weights = model.variables().stream()
                .mapToLong(variable -> variable.shape().size())
                .sum();
        return training.filter(config -> !config.isEmpty())
                .map(config -> new CompileConfiguration(
                        config,
                        OptimizerVariables.readBy(
                                () -> typed(source, () -> variables.optimizerVariables(source, weights))),
                        version.major()));
    }

    /**
     * Runs the reading of a file, so that whatever is in it ends in a reading or in a typed exception. What arrives here
     * untyped is a defect, which is said, but a file from nobody knows where must not become an unforeseen error of the
     * program that opens it.
     */
    static ModelReading guard(String source, Supplier<ModelReading> reading) {
        try {
            return typed(source, reading);
        } catch (OutOfMemoryError memory) {
            throw new ModelFormatException(
                    source,
                    "does not fit into the memory that the JVM may use",
                    "Give it more with -Xmx.",
                    "docs/TROUBLESHOOTING.md#memory",
                    memory);
        }
    }

    private static <T> T typed(String source, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RekurException typed) {
            throw typed;
        } catch (RuntimeException | StackOverflowError defect) {
            throw new ModelFormatException(
                    source,
                    "cannot be read, in a way that Rekur did not foresee (" + defect + ")",
                    "Save the model again; if that does not help, report it as a defect of Rekur.",
                    "docs/TROUBLESHOOTING.md#damaged-file",
                    defect);
        }
    }
}
