package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VocabulariesTest {
    private final List<Problem> problems = new ArrayList<>();

    @Test
    void newVersionsEndLinesAtEverySeparatorAndLeaveOutEmptyOnesAtTheEnd() {
        assertThat(Vocabularies.lines("\n[UNK]\nthe\r\ncat\rx\u2028y\n\n", KerasVersion.NEWEST))
                .containsExactly("", "[UNK]", "the", "cat", "x", "y");
        assertThat(Vocabularies.lines("", KerasVersion.NEWEST)).isEmpty();
    }

    @Test
    void separatorsArePartsOfWordsBefore314() {
        for (String separator : List.of("\u2028", "\u2029", "\u0085", "\u000B", "\f", "\u001C", "\u001D", "\u001E")) {
            String text = "[UNK]\na" + separator + "b\nc";
            assertThat(Vocabularies.lines(text, new KerasVersion(3, 13, false)))
                    .containsExactly("[UNK]", "a" + separator + "b", "c");
            assertThat(Vocabularies.lines(text, new KerasVersion(3, 14, false)))
                    .containsExactly("[UNK]", "a", "b", "c");
        }
    }

    @Test
    void anEmptyWordAtTheEndIsAWordBefore314() {
        assertThat(Vocabularies.lines("[UNK]\na\n", KerasVersion.LAST_OF_KERAS_2))
                .containsExactly("[UNK]", "a", "");
        assertThat(Vocabularies.lines("[UNK]\na\n", KerasVersion.NEWEST)).containsExactly("[UNK]", "a");
    }

    @Test
    void anAssetBecomesTheVocabulary() {
        Map<String, Object> config = new HashMap<>(Map.of("output_mode", "tf_idf"));
        boolean injected = new Vocabularies(
                        path -> path.equals("layers/text_vectorization_1/vocabulary.txt")
                                ? Optional.of("[UNK]\ncat")
                                : Optional.empty(),
                        (path, limit) -> path.equals("layers/text_vectorization_1/vars/idf_weights")
                                ? Optional.of(List.of(1f, 2f))
                                : Optional.empty())
                .inject(entry("TextVectorization", "text_vectorization_1"), config, KerasVersion.NEWEST, problems);

        assertThat(injected).isTrue();
        assertThat(config)
                .containsEntry("vocabulary", List.of("[UNK]", "cat"))
                .containsEntry("idf_weights", List.of(1f, 2f));
        assertThat(problems).isEmpty();
    }

    @Test
    void aFileNameIsNeverOpened() {
        Map<String, Object> config = new HashMap<>(Map.of("vocabulary", "/etc/passwd"));
        Vocabularies vocabularies = new Vocabularies(
                path -> {
                    throw new AssertionError(path);
                },
                (path, limit) -> Optional.empty());

        assertThat(vocabularies.inject(entry("StringLookup", "string_lookup"), config, KerasVersion.NEWEST, problems))
                .isFalse();
        assertThat(problems).singleElement().asString().contains("the name of a file");
    }

    private static LayerEntry entry(String className, String group) {
        return new LayerEntry("words", className, false, group, "$", Map.of(), List.of());
    }
}
