package dev.rekur.server;

import dev.rekur.Rekur;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The example models inside Rekur's own jar, listed in an index: a class path cannot be asked what it holds. */
final class BundledModels {
    private static final String FOLDER = "/dev/rekur/examples/";
    private static final String EXTENSION = ".keras";

    private BundledModels() {}

    static void addTo(ModelRepository.Builder models) {
        Labels labels = labels();
        for (String file : index()) {
            byte[] content = resource(file);
            if (content == null) {
                throw new IllegalStateException("this build of Rekur lacks the example " + file
                        + ". Build it with the fixtures, or name a model to serve.");
            }
            String name = file.endsWith(EXTENSION) ? file.substring(0, file.length() - EXTENSION.length()) : file;
            models.add(ServedModel.of(name, 1, Rekur.load(file, content), labels));
        }
    }

    private static Labels labels() {
        byte[] names = resource(Labels.FILE);
        byte[] samples = resource(Labels.SAMPLES_FILE);
        Labels labels = names == null ? Labels.NONE : Labels.parse(Labels.FILE, names);
        return samples == null ? labels : labels.withSamples(Labels.SAMPLES_FILE, samples);
    }

    private static List<String> index() {
        byte[] index = resource("index.txt");
        if (index == null) {
            throw new IllegalStateException("this build of Rekur has no examples; name a model to serve.");
        }
        return new String(index, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream stream = BundledModels.class.getResourceAsStream(FOLDER + name)) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
