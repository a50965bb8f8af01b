package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.folder;
import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.format.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SummaryVerbTest {
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "summary-default.txt", List.of(),
            "summary.txt", List.of("--line-length", "80"),
            "summary-120.txt", List.of("--line-length", "120"),
            "summary-trainable.txt", List.of("--line-length", "80", "--show-trainable"),
            "summary-expanded.txt", List.of("--line-length", "80", "--expand-nested", "--show-trainable"),
            "summary-optimizer.txt", List.of("--line-length", "80", "--optimizer"));

    /** Golden summaries of models that Rekur runs; the number grows with the layers it knows. */
    private static final int AT_LEAST = 660;

    @Test
    void printsWhatKerasPrintsForEveryGoldenModel() throws IOException {
        int compared = 0;
        for (Path summary : goldenSummaries()) {
            Path model = summary.resolveSibling("model.keras");
            if (Rekur.read(ModelSource.of(model)).model().isEmpty()) {
                continue;
            }
            List<String> arguments = new ArrayList<>(List.of("summary", model.toString()));
            arguments.addAll(OPTIONS.get(summary.getFileName().toString()));
            CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
            assertThat(run.out()).as("%s", summary).isEqualTo(Files.readString(summary));
            assertThat(run.exit()).isZero();
            compared++;
        }
        assertThat(compared).isGreaterThanOrEqualTo(AT_LEAST);
    }

    @Test
    void countsTheParametersOfTheLessonsStackedModel() {
        CommandLineRun run = CommandLineRun.of("summary", golden("lesson_1_stacked", "model.keras"), "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("\"params\": 1280000", "\"params\": 32896", "\"params\": 12352", "\"params\": 3104")
                .contains("\"params\": 165", "\"total_params\": 1328517", "\"non_trainable_params\": 0")
                .doesNotContain("optimizer_params");
    }

    @Test
    void aLayerThatRekurLacksIsAMarkedRowAndAWarning() {
        String model = folder().resolve("refused/conv1d/model.keras").toString();
        CommandLineRun run = CommandLineRun.of("summary", model, "--line-length", "100");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("conv1d \\(Conv1D\\) \\* +│ \\(None, ")
                .contains("\n * not supported by Rekur\n", " Total params: ");
        assertThat(run.err())
                .contains("warning: ", "cannot be run", "layer class 'Conv1D' is not supported")
                .doesNotContain("\tat ");
        assertThat(CommandLineRun.of("summary", model, "--quiet").err()).isEmpty();
        assertThat(CommandLineRun.of("summary", model, "--json").out()).contains("\"supported\": false");
    }

    @Test
    void aModelWhoseClassIsUnknownHasNoTable() {
        CommandLineRun run = CommandLineRun.of(
                "summary",
                folder().resolve("refused/subclassed_model/model.keras").toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("is not supported");
    }

    @Test
    void aLineTooShortIsTheUsersToChange() {
        CommandLineRun run =
                CommandLineRun.of("summary", golden("lesson_1_stacked", "model.keras"), "--line-length", "10");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("line length 10").doesNotContain("Exception");
    }

    private static List<Path> goldenSummaries() throws IOException {
        try (Stream<Path> files = Files.walk(folder(), 2)) {
            return files.filter(file -> OPTIONS.containsKey(file.getFileName().toString()))
                    .filter(file -> Files.exists(file.resolveSibling("model.keras")))
                    .sorted()
                    .toList();
        }
    }
}
