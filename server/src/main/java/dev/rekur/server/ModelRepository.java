package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.Model;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The models a server answers for, by name and version; immutable. */
public final class ModelRepository {
    private final SortedMap<String, NavigableMap<Long, ServedModel>> models;

    private ModelRepository(SortedMap<String, NavigableMap<Long, ServedModel>> models) {
        this.models = models;
    }

    /**
     * Loads models from paths, each one of
     *
     * <ul>
     *   <li>a model file; its name without extension becomes the model's name,
     *   <li>an unpacked {@code .keras} directory, told by its {@code config.json},
     *   <li>a configuration, {@code NAME.json}, with {@code NAME.weights.h5} or {@code NAME.weights.json} beside it,
     *   <li>a folder of models: each file, each unpacked model, and {@code name/version/} with a model inside. What looks
     *       like a model and cannot be served, such as a link that leads nowhere, is left out with a warning in the log.
     * </ul>
     *
     * A {@code labels.json} beside a model names its classes.
     *
     * @throws dev.rekur.error.ModelFormatException if a file is broken
     * @throws dev.rekur.error.UnsupportedModelException if a model uses what Rekur lacks
     * @throws InvalidInputException if a path holds no model, or two models have the same name and version
     */
    public static ModelRepository load(List<Path> paths) {
        Builder builder = builder();
        new ModelDirectories(builder).addAll(paths);
        return builder.build();
    }

    /** Like {@link #load(List)}. */
    public static ModelRepository load(Path... paths) {
        return load(List.of(paths));
    }

    /**
     * Loads one model, a configuration ({@code model.to_json()}) with its weights.
     *
     * @throws dev.rekur.error.RekurException as {@link #load(List)} does
     */
    public static ModelRepository loadConfiguration(Path configuration, Path weights) {
        Builder builder = builder();
        new ModelDirectories(builder).add(configuration, weights);
        return builder.build();
    }

    /**
     * The examples that come with Rekur.
     *
     * @throws IllegalStateException if this build was made without them
     */
    public static ModelRepository bundled() {
        Builder builder = builder();
        BundledModels.addTo(builder);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Names of the models, sorted. */
    public List<String> names() {
        return List.copyOf(models.keySet());
    }

    /**
     * Versions of a model, ascending.
     *
     * @throws ApiException with 404 if there is no such model
     */
    List<ServedModel> versions(String name) {
        return List.copyOf(find(name).values());
    }

    /** The highest version of a model. */
    ServedModel latest(String name) {
        return find(name).lastEntry().getValue();
    }

    ServedModel version(String name, String version) {
        NavigableMap<Long, ServedModel> versions = find(name);
        ServedModel model = version.matches("[0-9]{1,18}") ? versions.get(Long.parseLong(version)) : null;
        if (model == null) {
            throw ApiException.notFound("model '" + name + "' has no version '" + Brief.of(version)
                    + "'; its versions are " + versions.keySet());
        }
        return model;
    }

    private NavigableMap<Long, ServedModel> find(String name) {
        NavigableMap<Long, ServedModel> versions = models.get(name);
        if (versions == null) {
            throw ApiException.notFound(
                    "there is no model '" + Brief.of(name) + "'; the models are " + models.keySet());
        }
        return versions;
    }

    /** Collects models. */
    public static final class Builder {
        private final SortedMap<String, NavigableMap<Long, ServedModel>> models = new TreeMap<>();

        private Builder() {}

        /**
         * Adds a model that is in memory already.
         *
         * @param name what clients call it; no slash, no colon
         * @param version the highest version is the default
         * @throws InvalidInputException if the name cannot be part of an address, or name and version are taken
         */
        public Builder add(String name, long version, Model model) {
            return add(ServedModel.of(name, version, model, Labels.NONE));
        }

        Builder add(ServedModel model) {
            String name = model.name();
            if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
                throw new InvalidInputException("'" + name + "' cannot be the name of a served model: it must not be"
                        + " blank nor contain '/' or ':'. Rename the file.");
            }
            if (model.version() < 0) {
                throw new InvalidInputException(
                        "model '" + name + "': expected a version from 0 on, found " + model.version());
            }
            ServedModel before =
                    models.computeIfAbsent(name, key -> new TreeMap<>()).put(model.version(), model);
            if (before != null) {
                throw new InvalidInputException("two models are called '" + name + "', version " + model.version()
                        + ". Rename one, or serve one of them alone.");
            }
            return this;
        }

        /**
         * The repository.
         *
         * @throws InvalidInputException if nothing was added
         */
        public ModelRepository build() {
            if (models.isEmpty()) {
                throw new InvalidInputException("no model to serve");
            }
            SortedMap<String, NavigableMap<Long, ServedModel>> copy = new TreeMap<>();
            models.forEach(
                    (name, versions) -> copy.put(name, Collections.unmodifiableNavigableMap(new TreeMap<>(versions))));
            return new ModelRepository(Collections.unmodifiableSortedMap(copy));
        }
    }
}
