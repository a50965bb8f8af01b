package dev.rekur.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.file.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saves of one file by several processes, some of which are killed. */
@Timeout(60)
class AtomicFileProcessesTest {
    @TempDir
    private Path folder;

    @Test
    void whatAKilledSaveLeavesIsRemovedByTheNextSaveOfTheFile() throws Exception {
        Path file = folder.resolve("model.keras");
        for (int i = 0; i < 2; i++) {
            Process save = saveThatWaits(file);
            save.destroyForcibly().waitFor();
        }
        assertThat(temporaries())
                .as("the second save removed what the first left")
                .hasSize(1);
        assertThat(file).doesNotExist();

        AtomicFile.replace(file, text("new"));

        assertThat(temporaries()).isEmpty();
        assertThat(file).hasContent("new");
    }

    @Test
    void theCheckBeforeASaveRemovesItToo() throws Exception {
        Path file = folder.resolve("model.keras");
        saveThatWaits(file).destroyForcibly().waitFor();

        AtomicFile.requireWritable(file);

        assertThat(temporaries()).isEmpty();
    }

    @Test
    void aSaveOfTheSameFileThatIsUnderWayInAnotherProcessIsNotHarmed() throws Exception {
        Path file = folder.resolve("model.keras");
        Process save = saveThatWaits(file);

        AtomicFile.replace(file, text("ours"));

        assertThat(file).hasContent("ours");
        assertThat(temporaries()).hasSize(1);
        save.getOutputStream().close();
        assertThat(save.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(save.exitValue()).isZero();
        assertThat(file).hasContent("theirs");
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void aSaveUnderAnotherSpellingDoesNotReleaseTheLock() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Path file = folder.resolve("model.keras");
        AtomicFile.replace(file, out -> {
            AtomicFile.requireWritable(inner.resolve("../model.keras"));
            AtomicFile.requireWritable(link.resolve("model.keras"));
            Process other = saveThatWaits(file); // which removes what nobody has locked
            assertThat(temporaries()).hasSize(2);
            other.destroyForcibly();
            text("ours").writeTo(out);
        });
        assertThat(file).hasContent("ours");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsNoFileIsNotOpened() throws Exception {
        Path file = folder.resolve("model.keras");
        List<Path> names = new ArrayList<>();
        AtomicFile.replace(file, out -> names.addAll(temporaries()));
        Path pipe = names.get(0);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        AtomicFile.replace(file, text("new"));
        assertThat(file).hasContent("new");
        assertThat(pipe).exists();
    }

    private List<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }

    /** Another process that has saved the file's content in part and waits until its standard input ends. */
    private static Process saveThatWaits(Path file) throws IOException {
        Process save = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SaveThatWaits.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = save.inputReader();
        assertThat(out.readLine()).isEqualTo("under way");
        return save;
    }

    private static AtomicFile.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the other process runs. */
    static final class SaveThatWaits {
        private SaveThatWaits() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            AtomicFile.replace(file, out -> {
                begin(out);
                // another save of the same process in between; it must not give the lock of the first away
                AtomicFile.requireWritable(file);
                System.out.println("under way");
                System.in.readAllBytes();
                text("irs").writeTo(out);
            });
        }

        private static void begin(OutputStream out) throws IOException {
            text("the").writeTo(out);
            out.flush();
        }
    }
}
