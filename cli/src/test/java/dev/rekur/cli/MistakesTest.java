package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says to what users do wrong. */
class MistakesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', the file is empty",
        "<html>404</html>, a page of HTML",
        "version https://git-lfs.github.com/spec/v1, a pointer of Git LFS",
        "nothing, not a model that Rekur knows"
    })
    void aFileThatIsNoModelIsSaidToBeWhatItIs(String content, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("model.keras"), content);
        assertThat(CommandLineRun.of("check", file.toString()).err()).contains("model.keras: " + expected);
    }

    @Test
    void aFolderOfModelsNamesThem() throws IOException {
        Files.writeString(folder.resolve("b.h5"), "");
        Files.writeString(folder.resolve("a.keras"), "");
        assertThat(CommandLineRun.of("check", folder.toString()).err())
                .contains("name one of the files in it, such as a.keras, b.h5");
    }

    @Test
    void theOptionOfABenchmarkThatIsWrongIsNamedWithWhatWasFound() {
        assertThat(CommandLineRun.of("bench", "m.keras", "--batch", "0").err())
                .contains("--batch: expected a number from 1 on, found 0");
    }
}
