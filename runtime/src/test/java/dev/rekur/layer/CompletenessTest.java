package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.standard.StandardLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every room has its test and its vectors; what is missing is named. Golden models are counted in conformance. */
class CompletenessTest {
    private static final Path TESTS =
            Path.of(System.getProperty("rekur.root", ".."), "runtime/src/test/java/dev/rekur/layer");
    private static final Pattern ROOM =
            Pattern.compile("extends \\w+Contract\\b.*?super\\(\"([\\w.]+)\"[,)]", Pattern.DOTALL);

    @Test
    void everyRoomHasATestThatPassesTheContract() throws IOException {
        List<String> tested = new ArrayList<>();
        for (String source : sources(TESTS)) {
            Matcher room = ROOM.matcher(source);
            if (room.find()) {
                tested.add(room.group(1));
            }
        }
        assertThat(tested).doesNotHaveDuplicates();
        List<String> missing = new ArrayList<>(roomsOfNumbers());
        missing.removeAll(tested);
        assertThat(missing)
                .as("rooms without a test that extends LayerContract")
                .isEmpty();
    }

    @Test
    void everyRoomHasVectors() {
        List<String> missing = roomsOfNumbers().stream()
                .filter(name -> !ContractVectors.exist(name))
                .toList();
        assertThat(missing)
                .as("rooms without vectors; add cases to fixtures/generate/layer_contract.py and run it")
                .isEmpty();
    }

    /** Rooms of numbers that no gradient passes: they make flags, or nothing. */
    private static final Set<String> WITHOUT_GRADIENT =
            Set.of("InputLayer", "ops.Any", "ops.LogicalOr", "ops.NotEqual");

    @Test
    void everyRoomOfFloatsHasGradientVectors() {
        for (String name : roomsOfNumbers()) {
            assertThat(ContractVectors.of(name).cases())
                    .as("gradients of " + name + "; see fixtures/generate/layer_gradients.py")
                    .allSatisfy(contract -> assertThat(contract.gradients() == null)
                            .as(contract.name())
                            .isEqualTo(WITHOUT_GRADIENT.contains(name)));
        }
    }

    /** Texts are looked up before there are buffers, so that these rooms have tests and vectors of their own. */
    @Test
    void everyRoomOfTextsIsNamedByATest() throws IOException {
        String sources = String.join("\n", sources(TESTS.resolve("text")));
        assertThat(roomsOfTexts()).isNotEmpty().allSatisfy(name -> assertThat(sources)
                .contains("\"" + name + "\""));
    }

    private static List<String> roomsOfNumbers() {
        List<String> rooms = new ArrayList<>(StandardLayers.registry().names());
        rooms.removeAll(roomsOfTexts());
        return rooms;
    }

    private static List<String> roomsOfTexts() {
        return List.of("StringLookup", "TextVectorization");
    }

    private static List<String> sources(Path folder) throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }
}
