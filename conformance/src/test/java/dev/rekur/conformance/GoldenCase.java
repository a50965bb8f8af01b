package dev.rekur.conformance;

import dev.rekur.format.json.JsonReader;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of {@code fixtures/golden}: one model as real Keras wrote it in several formats, inputs, and what Keras put out.
 *
 * @param folder the folder
 * @param description its {@code case.json}
 */
record GoldenCase(Path folder, Map<String, Object> description) {
    /**
     * A file of the case.
     *
     * @param weights the weights file that belongs to it, or null
     * @param expected arrays of expected outputs, one for each of the case's inputs
     */
    record ModelFile(GoldenCase golden, String file, String weights, String format, List<String> expected) {
        @Override
        public String toString() {
            return golden.name() + "/" + file;
        }

        Path path() {
            return golden.folder().resolve(file);
        }
    }

    static Path root() {
        String root = System.getProperty("rekur.fixtures");
        if (root == null) {
            throw new IllegalStateException("system property rekur.fixtures is not set; run with Maven");
        }
        return Path.of(root);
    }

    static Map<String, Object> manifest() {
        return json(root().resolve("manifest.json"));
    }

    /** All cases in the order of their names. */
    static List<GoldenCase> all() {
        try (Stream<Path> folders = Files.list(root())) {
            return folders.filter(folder -> Files.exists(folder.resolve("case.json")))
                    .sorted()
                    .map(folder -> new GoldenCase(folder, json(folder.resolve("case.json"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return (String) description.get("name");
    }

    List<ModelFile> files() {
        List<ModelFile> files = new ArrayList<>();
        for (Map<String, Object> file : objects("files")) {
            files.add(new ModelFile(
                    this,
                    (String) file.get("file"),
                    (String) file.get("weights"),
                    (String) file.get("format"),
                    strings(file.get("expected"))));
        }
        return files;
    }

    /** Arrays to feed one after the other in one session, in the order of the file's inputs. */
    List<List<Tensor>> inputs() {
        List<List<Tensor>> inputs = new ArrayList<>();
        for (String file : strings(description.get("inputs"))) {
            inputs.add(List.copyOf(arrays(file).values()));
        }
        return inputs;
    }

    Map<String, Tensor> arrays(String file) {
        return NumpyReader.read(folder.resolve(file));
    }

    /** Names of the models that must be refused, with words of which the refusal must contain one. */
    static Map<String, List<String>> refused() {
        try (InputStream lines = GoldenCase.class.getResourceAsStream("refused-models.txt")) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(": "))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> List.of(parts[1].split(", "))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> objects(String key) {
        Object value = description.get(key);
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    static List<String> strings(Object value) {
        return value == null ? List.of() : (List<String>) value;
    }

    static Map<String, Object> json(Path path) {
        try {
            return JsonReader.readObject(
                    Files.readString(path, StandardCharsets.UTF_8),
                    problem -> new IllegalStateException(path + ": " + problem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
