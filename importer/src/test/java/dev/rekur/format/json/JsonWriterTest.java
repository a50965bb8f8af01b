package dev.rekur.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rekur.format.keras.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void whatPythonWroteComesOutTheSame() throws IOException {
        int files = 0;
        for (Path file : GoldenFiles.all("config.json")) {
            String text = Files.readString(file);
            Map<String, Object> tree = JsonReader.readObject(text, IllegalStateException::new);
            assertThat(JsonWriter.write(tree)).as(file.toString()).isEqualTo(text);
            files++;
        }
        assertThat(files).isGreaterThan(200);
    }

    @Test
    void numbersAreAsShortAsPythonWritesThem() {
        assertThat(JsonWriter.write(Arrays.asList(0.1, 1.0, 100.0, -2.5, 0.0, -0.0, 1e-4, 1e-5, 1e-7, 123456.75)))
                .isEqualTo("[0.1, 1.0, 100.0, -2.5, 0.0, -0.0, 0.0001, 1e-05, 1e-07, 123456.75]");
        assertThat(JsonWriter.write(
                        Arrays.asList(1e15, 1e16, 1.5e16, 1e22, 1e23, 1.7976931348623157e308, 5e-324, 2e-3)))
                .isEqualTo(
                        "[1000000000000000.0, 1e+16, 1.5e+16, 1e+22, 1e+23, 1.7976931348623157e+308, 5e-324, 0.002]");
        assertThat(JsonWriter.write(Arrays.asList(0.1f, (double) 0.01f, Double.NaN, Double.NEGATIVE_INFINITY, 7L, 7)))
                .isEqualTo("[0.10000000149011612, 0.009999999776482582, NaN, -Infinity, 7, 7]");
    }

    @Test
    void textsAreAscii() {
        assertThat(JsonWriter.write(List.of("a\"\\\n\r\t\b\f\u0001\u007f", "\u65e5\uD83D\uDE00")))
                .isEqualTo("[\"a\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u007f\", \"\\u65e5\\ud83d\\ude00\"]");
    }

    @Test
    void treesAreWrittenWithSpaces() {
        Map<String, Object> tree = new TreeMap<>(Map.of("a", List.of(true, Map.of()), "b", List.of()));
        tree.put("c", null);
        assertThat(JsonWriter.write(tree)).isEqualTo("{\"a\": [true, {}], \"b\": [], \"c\": null}");
        assertThatIllegalArgumentException().isThrownBy(() -> JsonWriter.write(new Object()));
    }
}
