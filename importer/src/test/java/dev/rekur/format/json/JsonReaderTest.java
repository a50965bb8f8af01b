package dev.rekur.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
    @Test
    void valuesBecomePlainObjects() {
        Map<String, Object> tree = read(
                "{\"a\": [1, -2.5, 1e3, true, false, null, \"x\\u00e9\\ud835\\udd4f\\n\"], \"b\": {\"c\": {}}, \"d\": 12345678901}");

        assertThat(tree.get("a")).isEqualTo(Arrays.asList(1L, -2.5, 1000.0, true, false, null, "xé𝕏\n"));
        assertThat(tree.get("b")).isEqualTo(Map.of("c", Map.of()));
        assertThat(tree.get("d")).isEqualTo(12345678901L);
        assertThat(tree.keySet()).containsExactly("a", "b", "d");
    }

    @Test
    void whatPythonWritesThatIsNoJsonIsAccepted() {
        assertThat(read("{\"a\": [NaN, Infinity, -Infinity]}").get("a"))
                .isEqualTo(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    }

    @Test
    void treesCannotBeChanged() {
        Map<String, Object> tree = read("{\"a\": [1], \"b\": {\"c\": 1}}");

        assertThatThrownBy(tree::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) tree.get("a")).clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) tree.get("b")).clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void numbersBeyondLongAreRounded() {
        assertThat(read("{\"a\": 100000000000000000000}").get("a")).isEqualTo(1e20);
    }

    @Test
    void whatIsBrokenHasAPlace() {
        for (String broken : new String[] {
            "",
            "[]",
            "1",
            "{",
            "{\"a\"}",
            "{\"a\": }",
            "{\"a\": 1,}",
            "{'a': 1}",
            "{\"a\": 01}",
            "{\"a\": nul}",
            "{\"a\": 1} x",
            "{\"a\": \"\n\"}",
            "{\"a\": \"\\x\"}",
            "{\"a\": 1, \"a\": 2}",
            "{\"a\": -}",
            "{\"a\": 1.}",
            "{\"a\": .5}"
        }) {
            assertThatThrownBy(() -> read(broken)).as(broken).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void depthIsLimited() {
        read("{\"a\": " + "[".repeat(60) + "]".repeat(60) + "}");
        assertThatThrownBy(() -> read("{\"a\": " + "[".repeat(65) + "]".repeat(65) + "}"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read("{\"a\": " + "[".repeat(100_000))).isInstanceOf(IllegalStateException.class);
    }

    private static Map<String, Object> read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Map<String, Object> fromBytes = JsonReader.readObject(bytes, 0, bytes.length, IllegalStateException::new);
        assertThat(JsonReader.readObject(text, IllegalStateException::new)).isEqualTo(fromBytes);
        return fromBytes;
    }
}
