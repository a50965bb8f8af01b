package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.RekurException;
import dev.rekur.format.ModelSource;
import dev.rekur.format.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every file that must be refused is, with a typed error that has the words a user needs, within two seconds. */
class RefusedFilesTest {
    private static final long LIMIT_NANOS = 2_000_000_000L;

    @Test
    void everyRefusedFileEndsInATypedError() throws IOException {
        List<String> failures = new ArrayList<>();
        List<Path> folders = GoldenFiles.refused();
        for (Path folder : folders) {
            byte[] bytes = Files.readAllBytes(folder.resolve("refused.json"));
            Map<String, Object> expected = JsonReader.readObject(bytes, 0, bytes.length, IllegalStateException::new);
            String failure = check(folder, expected);
            if (!failure.isEmpty()) {
                failures.add(folder.getFileName() + ": " + failure);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(folders.size()).isGreaterThanOrEqualTo(120);
    }

    private static String check(Path folder, Map<String, Object> expected) {
        Path file = folder.resolve((String) expected.get("file"));
        ModelSource source = expected.get("weights") instanceof String weights
                ? ModelSource.of(file, folder.resolve(weights))
                : ModelSource.of(file);
        long start = System.nanoTime();
        RekurException refusal;
        try {
            Rekur.read(source).modelOrThrow();
            return "was read";
        } catch (RekurException typed) {
            refusal = typed;
        }
        if (System.nanoTime() - start > LIMIT_NANOS) {
            return "took longer than two seconds";
        }
        String message = refusal.getMessage().toLowerCase(Locale.ROOT);
        if (refusal instanceof InvalidInputException || message.contains("did not foresee")) {
            return "expected another error than " + refusal;
        }
        boolean damage = refusal instanceof ModelFormatException;
        if (damage != "format".equals(expected.get("kind"))) {
            return "expected the kind " + expected.get("kind") + ", found " + refusal;
        }
        for (Object word : (List<?>) expected.get("expect_words")) {
            if (!message.contains(((String) word).toLowerCase(Locale.ROOT))) {
                return "expected '" + word + "' in: " + refusal.getMessage();
            }
        }
        return "";
    }
}
