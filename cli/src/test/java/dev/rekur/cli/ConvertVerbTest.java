package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertVerbTest {
    private static final String MODEL = golden("trained_adam", "model.keras");
    private static final String INPUTS = golden("trained_adam", "inputs.npz");
    private static final String EXPECTED = golden("trained_adam", "expected.npz");

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenComputesTheSame() throws IOException {
        for (List<String> options :
                List.of(List.of("a.keras"), List.of("a.h5"), List.of("b.h5", "--keras-version", "2"))) {
            String out = folder.resolve(options.get(0)).toString();
            String[] command = Stream.concat(
                            Stream.of("convert", MODEL, out), options.stream().skip(1))
                    .toArray(String[]::new);
            CommandLineRun run = CommandLineRun.of(command);
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).isEmpty();
            assertThat(verify(out)).isZero();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("no temporary file is left").hasSize(3);
        }
    }

    @Test
    void configurationAndWeightsAreWrittenApart() {
        String configuration = folder.resolve("model.json").toString();
        String weights = folder.resolve("model.weights.h5").toString();
        assertThat(CommandLineRun.of("convert", MODEL, configuration)).isEqualTo(new CommandLineRun(0, "", ""));
        assertThat(CommandLineRun.of("convert", MODEL, weights)).isEqualTo(new CommandLineRun(0, "", ""));
        assertThat(verify(configuration, "--weights", weights)).isZero();
        String whole = folder.resolve("whole.keras").toString();
        assertThat(CommandLineRun.of("convert", configuration, whole, "--weights", weights)
                        .exit())
                .isZero();
        assertThat(verify(whole)).isZero();
    }

    @Test
    void aFileIsReplacedOnlyWhereThatWasAskedFor() throws IOException {
        Path out = Files.writeString(folder.resolve("out.keras"), "mine");
        CommandLineRun refused = CommandLineRun.of("convert", MODEL, out.toString());
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("out.keras: exists; give --overwrite");
        assertThat(out).hasContent("mine");
        assertThat(CommandLineRun.of("convert", MODEL, out.toString(), "--overwrite")
                        .exit())
                .isZero();
        assertThat(verify(out.toString())).isZero();
    }

    @Test
    void whatAnotherKerasLacksIsRefusedByNameAndLeavesTheFileAlone() throws IOException {
        Path out = Files.writeString(folder.resolve("out.h5"), "mine");
        CommandLineRun run = CommandLineRun.of(
                "convert",
                golden("lstm_activations", "model.keras"),
                out.toString(),
                "--keras-version",
                "2",
                "--overwrite");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("'hard_sigmoid'").contains("Keras 2").contains("rekur help keras-versions");
        assertThat(out).hasContent("mine");
    }

    @Test
    void namesThatSayNoFormatAndPlacesThatCannotBeWrittenAreRefused() throws IOException {
        Files.createFile(folder.resolve("nowhere"));
        assertThat(error("m.txt")).contains("m.txt: expected a name that ends in .h5, .json, .keras, .weights.h5");
        assertThat(error("m.onnx")).contains("does not write .onnx yet");
        assertThat(error("m.dl4j.zip")).contains("does not write .dl4j.zip yet");
        assertThat(error("nowhere/m.keras")).contains("cannot be written: its folder ");
        assertThat(error("m.keras", "--keras-version", "4")).contains("expected 2 or 3, found 4");
        assertThat(error("m.keras", "--keras-version", "2")).contains("is written for Keras 3 only");
    }

    private String error(String name, String... options) {
        String[] command = Stream.concat(
                        Stream.of("convert", MODEL, folder.resolve(name).toString()), Stream.of(options))
                .toArray(String[]::new);
        CommandLineRun run = CommandLineRun.of(command);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        return run.err();
    }

    private static int verify(String model, String... options) {
        String[] command = Stream.concat(
                        Stream.of("verify", model, "--input", INPUTS, "--expected", EXPECTED), Stream.of(options))
                .toArray(String[]::new);
        return CommandLineRun.of(command).exit();
    }
}
