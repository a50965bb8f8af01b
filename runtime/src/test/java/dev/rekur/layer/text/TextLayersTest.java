package dev.rekur.layer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.TextLayer;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both rooms against what real Keras computed, and what they refuse. */
class TextLayersTest {
    private static final TextVectors VECTORS = TextVectors.read();
    private static final Map<String, Object> WORDS = Map.of("vocabulary", List.of("a", "b"));

    static Stream<TextVectors.Vector> cases() {
        return VECTORS.cases().stream();
    }

    static Stream<TextVectors.Vector> refused() {
        return VECTORS.refused().stream();
    }

    @Test
    void everyVectorIsReplayed() {
        assertThat(VECTORS.cases()).hasSize(300);
        assertThat(VECTORS.refused()).hasSize(24);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesWhatKerasComputes(TextVectors.Vector vector) {
        TextLayer room = vector.room();
        TextTensor texts = VECTORS.tensor(vector.texts());
        Tensor found = room.transform("text", texts);
        assertThat(found.shape()).isEqualTo(vector.expected().shape());
        assertThat(found).isEqualTo(vector.expected());
        Shape announced = room.outputShapes(List.of(texts.shape().withBatch(Shape.UNKNOWN)))
                .get(0);
        assertThat(announced.isCompatibleWith(found.shape()))
                .as("%s, found %s", announced, found)
                .isTrue();
        assertThat(room).isEqualTo(vector.room()).hasSameHashCodeAs(vector.room());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsDoNotDependOnTheBatch(TextVectors.Vector vector) {
        TextLayer room = vector.room();
        TextTensor texts = VECTORS.tensor(vector.texts());
        int rows = texts.shape().dimension(0);
        Tensor together = room.transform("text", texts);
        for (int b = 0; b < rows; b++) {
            int perRow = texts.size() / rows;
            String[] row = new String[perRow];
            texts.copyTo(b * perRow, row, 0, perRow);
            Tensor alone = room.transform("text", TextTensor.wrap(texts.shape().withBatch(1), row));
            for (int t = 0; t < together.size() / rows; t++) {
                double expected = t < alone.size() ? value(alone, t) : 0;
                assertThat(value(together, b * (together.size() / rows) + t)).isEqualTo(expected);
            }
        }
    }

    private static double value(Tensor tensor, int index) {
        return tensor instanceof IntTensor ints ? ints.get(index) : ((FloatTensor) tensor).get(index);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatKerasRefuses(TextVectors.Vector vector) {
        List<Problem> problems = new ArrayList<>();
        assertThat(vector.room(problems)).isNotNull();
        assertThat(problems).as(vector.keras()).isNotEmpty();
    }

    @Test
    void defaultsAreThoseOfKeras() {
        Map<String, Object> spelledOut = new HashMap<>(WORDS);
        spelledOut.put("standardize", "lower_and_strip_punctuation");
        spelledOut.put("split", "whitespace");
        spelledOut.put("ngrams", null);
        spelledOut.put("output_mode", "int");
        spelledOut.put("output_sequence_length", null);
        assertThat(room("TextVectorization", WORDS)).isEqualTo(room("TextVectorization", spelledOut));
        Map<String, Object> lookup = new HashMap<>(WORDS);
        lookup.put("num_oov_indices", 1);
        lookup.put("mask_token", null);
        lookup.put("oov_token", "[UNK]");
        lookup.put("output_mode", "int");
        lookup.put("salt", null);
        assertThat(room("StringLookup", WORDS)).isEqualTo(room("StringLookup", lookup));
    }

    @Test
    void whatRekurLacksIsNamed() {
        assertProblem("TextVectorization", Map.of("ragged", true), "'ragged' output");
        assertProblem("TextVectorization", Map.of("sparse", true, "output_mode", "count"), "'sparse' output");
        assertProblem("TextVectorization", Map.of("encoding", "latin-1"), "found 'latin-1'");
        assertProblem("TextVectorization", Map.of("standardize", Map.of("class_name", "function")), "is a function");
        assertProblem("TextVectorization", Map.of("split", Map.of("class_name", "function")), "is a function");
        assertProblem("TextVectorization", Map.of("output_mode", "one_hot"), "ragged tensor");
        assertProblem("TextVectorization", Map.of("ngrams", 0), "'ngrams'");
        assertProblem("TextVectorization", Map.of("ngrams", List.of(2, 0)), "'ngrams'");
        assertProblem("TextVectorization", Map.of("ngrams", List.of()), "'ngrams'");
        assertProblem("TextVectorization", Collections.singletonMap("output_mode", null), "'output_mode' is null");
        assertProblem("TextVectorization", Map.of("vocabulary", "/etc/passwd"), "does not open");
        assertProblem("TextVectorization", Map.of("vocabulary", List.of(1, 2)), "expected words, found 1 at 0");
        assertProblem("TextVectorization", Map.of("surprise", 1), "unknown configuration key 'surprise'");
        assertProblem("StringLookup", Map.of("vocabulary", "http://127.0.0.1/"), "does not open");
        assertProblem("StringLookup", Map.of("invert", true), "'invert'");
        assertProblem("StringLookup", Map.of("vocabulary_dtype", "int64"), "'vocabulary_dtype'");
        assertProblem("StringLookup", Map.of("num_oov_indices", Integer.MAX_VALUE), "'num_oov_indices'");
        assertProblem("StringLookup", Map.of("num_oov_indices", -1), "'num_oov_indices'");
        assertProblem("StringLookup", Map.of("salt", "pepper"), "'salt'");
        assertProblem("StringLookup", Map.of("surprise", 1), "unknown configuration key 'surprise'");
    }

    @Test
    void aVocabularyThatIsMissingIsReportedOnce() {
        List<Problem> problems = new ArrayList<>();
        TextVectors.room("StringLookup", Map.of("output_mode", "tf_idf"), problems);
        assertThat(problems).hasSize(1).first().asString().contains("expected a list of words, found none");
    }

    @Test
    void unknownTextsAreRefusedWhereTheyHaveNoIndex() {
        TextLayer lookup = room("StringLookup", Map.of("vocabulary", List.of("a", "b"), "num_oov_indices", 0));
        TextTensor texts = TextTensor.wrap(Shape.of(2, 2), new String[] {"a", "b", "b", "c"});
        assertThatThrownBy(() -> lookup.transform("names", texts))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("layer 'names' (StringLookup)")
                .hasMessageContaining("found 'c' at row 1, position 1")
                .hasMessageContaining("num_oov_indices=1");
    }

    @Test
    void nullIsNoText() {
        TextTensor texts = TextTensor.wrap(Shape.of(2), new String[] {"a", null});
        for (String className : List.of("StringLookup", "TextVectorization")) {
            assertThatThrownBy(() -> room(className, WORDS).transform("t", texts))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("found null at row 1");
        }
    }

    @Test
    void shapesThatKerasMixesUpAreRefused() {
        assertRefused("TextVectorization", Map.of(), Shape.of(-1, 3));
        assertRefused("TextVectorization", Map.of(), Shape.of(-1, 3, 1));
        assertRefused("TextVectorization", Map.of(), Shape.of());
        Map<String, Object> unsplit = new HashMap<>();
        unsplit.put("split", null);
        unsplit.put("output_sequence_length", 4);
        assertRefused("TextVectorization", unsplit, Shape.of(-1));
        unsplit.remove("output_sequence_length");
        unsplit.put("ngrams", 2);
        assertRefused("TextVectorization", unsplit, Shape.of(-1));
        unsplit.remove("ngrams");
        unsplit.put("output_mode", "count");
        assertRefused("TextVectorization", unsplit, Shape.of(-1));
        assertRefused("StringLookup", Map.of("output_mode", "count"), Shape.of(-1));
        assertRefused("StringLookup", Map.of("output_mode", "multi_hot"), Shape.of(-1, 2, 2));
    }

    @Test
    void theLengthOfRowsIsAnnouncedAsKerasDoes() {
        Map<String, Object> unsplit = with(Collections.singletonMap("split", null));
        TextLayer room = room("TextVectorization", unsplit);
        assertThat(room.outputShapes(List.of(Shape.of(-1, 3)))).containsExactly(Shape.of(-1, -1));
        assertThat(room.transform("t", TextTensor.wrap(Shape.of(0, 3), new String[0]))
                        .shape())
                .isEqualTo(Shape.of(0, 3));
        assertThat(room("TextVectorization", WORDS).outputShapes(List.of(Shape.of(-1, 1))))
                .containsExactly(Shape.of(-1, -1));
        assertThat(room("TextVectorization", with(Map.of("output_sequence_length", 7)))
                        .outputShapes(List.of(Shape.of(-1))))
                .containsExactly(Shape.of(-1, 7));
    }

    @Test
    void hugeSizesAllocateNothingBeforeThereAreTexts() {
        Map<String, Object> length = Map.of("output_sequence_length", Integer.MAX_VALUE);
        Map<String, Object> padding =
                Map.of("output_mode", "count", "max_tokens", Integer.MAX_VALUE, "pad_to_max_tokens", true);
        for (Map<String, Object> huge : List.of(length, padding)) {
            TextLayer room = room("TextVectorization", with(huge));
            assertThat(room.outputShapes(List.of(Shape.of(-1, 1)))).containsExactly(Shape.of(-1, Integer.MAX_VALUE));
            assertThatThrownBy(() -> room.transform("t", TextTensor.wrap(Shape.of(2), new String[] {"a", "b"})))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("more elements than an array");
        }
    }

    @Test
    void longNgramsOfLongTextsTakeNoCubicTime() {
        TextLayer room = room("TextVectorization", with(Map.of("ngrams", Integer.MAX_VALUE, "output_mode", "count")));
        String text = "a b ".repeat(1000);
        assertThat(((FloatTensor) room.transform("t", TextTensor.wrap(Shape.of(1), new String[] {text}))).toArray())
                .containsExactly(2000f * 2001 / 2 - 2000, 1000, 1000);
    }

    @Test
    void anyTextThatJavaHoldsIsTaken() {
        TextLayer room = room("TextVectorization", with(Map.of("split", "character")));
        TextTensor texts = TextTensor.wrap(Shape.of(1), new String[] {"\ud83d a\udc00\ud83d"});
        assertThat(((IntTensor) room.transform("t", texts)).toArray()).containsExactly(1, 1, 2, 1, 1);
        TextLayer lookup = room("StringLookup", with(Map.of("num_oov_indices", 5)));
        assertThat(lookup.transform("t", texts).size()).isEqualTo(1);
    }

    @Test
    void severalThreadsShareARoom() {
        TextVectors.Vector vector = VECTORS.cases().stream()
                .filter(v -> v.texts().equals("lines"))
                .findFirst()
                .orElseThrow();
        TextLayer room = vector.room();
        Tensor expected = vector.expected();
        TextTensor texts = VECTORS.tensor("lines");
        assertThat(IntStream.range(0, 400).parallel().mapToObj(i -> room.transform("t", texts)))
                .allMatch(expected::equals);
    }

    @Test
    void masksEndHereAndThereAreNoWeights() {
        for (String className : List.of("StringLookup", "TextVectorization")) {
            TextLayer room = room(className, WORDS);
            assertThat(room.className()).isEqualTo(className);
            InputMasks masked = new InputMasks(List.of(Shape.of(-1)), List.of(Shape.of(-1)));
            assertThat(room.outputMask(0, masked)).isEqualTo(OutputMask.NONE);
            assertThat(room.weights(List.of(Shape.of(-1)))).isEmpty();
        }
    }

    private static Map<String, Object> with(Map<String, Object> options) {
        Map<String, Object> config = new HashMap<>(WORDS);
        config.putAll(options);
        return config;
    }

    private static TextLayer room(String className, Map<String, Object> config) {
        List<Problem> problems = new ArrayList<>();
        TextLayer room = TextVectors.room(className, config, problems);
        assertThat(problems).isEmpty();
        return room;
    }

    private static void assertProblem(String className, Map<String, Object> options, String finding) {
        List<Problem> problems = new ArrayList<>();
        TextVectors.room(className, with(options), problems);
        assertThat(problems).anySatisfy(problem -> assertThat(problem.finding()).contains(finding));
    }

    private static void assertRefused(String className, Map<String, Object> options, Shape input) {
        TextLayer room = room(className, with(options));
        assertThatThrownBy(() -> room.outputShapes(List.of(input))).isInstanceOf(ShapeMismatchException.class);
    }
}
