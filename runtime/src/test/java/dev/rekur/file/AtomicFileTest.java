package dev.rekur.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    @AfterEach
    void noTemporaryFileIsLeftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    @Test
    void theFileHoldsWhatWasWritten() {
        Path file = folder.resolve("file");
        AtomicFile.replace(file, text("first"));
        assertThat(file).hasContent("first");
        AtomicFile.replace(file, text("second"));
        assertThat(file).hasContent("second");
    }

    @Test
    void theOldFileStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        AtomicFile.replace(file, out -> {
            text("new").writeTo(out);
            out.flush();
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("new");
    }

    @Test
    void whereWritingFailsAfterAnyByteTheOldFileIsAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        for (int bytes = 0; bytes < 4; bytes++) {
            int written = bytes;
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> AtomicFile.replace(file, out -> {
                        out.write(new byte[written]);
                        throw new IOException("No space left on device");
                    }))
                    .withMessageContaining("file: cannot be written: No space left on device");
            assertThatIllegalStateException()
                    .isThrownBy(() -> AtomicFile.replace(file, out -> {
                        out.write(new byte[written]);
                        throw new IllegalStateException("a defect");
                    }));
            assertThat(file).hasContent("old");
        }
    }

    @Test
    void roomIsTriedForAllFilesTogetherAndNothingIsLeft() throws IOException {
        Path abandoned = folder.resolve(".rekur-" + String.format("%08x", "b".hashCode()) + "-0.tmp");
        Files.createFile(abandoned);

        AtomicFile.requireRoom(Map.of(folder.resolve("a"), 0L, folder.resolve("b"), 3_000_000L));
        assertThat(folder).isEmptyDirectory();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(
                        () -> AtomicFile.requireRoom(Map.of(folder.resolve("a"), 5L, folder.resolve("b"), 1L << 60)))
                .withMessageContaining("b: cannot be written: there is no room for about 1152921504607 MB, ")
                .withMessageContaining("docs/TROUBLESHOOTING.md#files-that-cannot-be-written");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> AtomicFile.requireRoom(Map.of(folder.resolve("nowhere/a"), 5L)))
                .withMessageContaining("there is no such directory")
                .withMessageContaining("docs/TROUBLESHOOTING.md#files-that-cannot-be-written");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatCannotBeWrittenIsKnownBefore() throws IOException {
        Files.createDirectory(folder.resolve("directory"));
        AtomicFile.requireWritable(folder.resolve("file"));
        assertThat(folder.resolve("file")).doesNotExist();
        Files.createFile(folder.resolve("plain"));
        Map.of(
                        "directory", "it is a directory",
                        "nowhere/file", "there is no such directory",
                        "plain/file", "plain is a file, no directory")
                .forEach((name, reason) -> {
                    Path file = folder.resolve(name);
                    assertThatExceptionOfType(InvalidInputException.class)
                            .isThrownBy(() -> AtomicFile.requireWritable(file))
                            .withMessageContaining("cannot be written: " + reason);
                    assertThatExceptionOfType(InvalidInputException.class)
                            .isThrownBy(() -> AtomicFile.replace(file, text("new")))
                            .withMessageContaining("cannot be written: " + reason);
                });
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllows() {
        Path longest = folder.resolve("n".repeat(255));
        AtomicFile.requireWritable(longest);
        AtomicFile.replace(longest, text("new"));
        assertThat(longest).hasContent("new");
        AtomicFile.replace(folder.resolve("ü".repeat(127)), text("new"));

        Path tooLong = folder.resolve("n".repeat(256));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> AtomicFile.requireWritable(tooLong))
                .withMessageContaining("cannot be written: ")
                .withMessageContaining("name too long");
    }

    @Test
    void savesOfOneFileByOneProcessDoNotDisturbEachOther() {
        Path file = folder.resolve("file");
        AtomicFile.replace(file, out -> {
            AtomicFile.replace(file, text("inner"));
            assertThat(file).hasContent("inner");
            text("outer").writeTo(out);
        });
        assertThat(file).hasContent("outer");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkStaysAndItsTargetIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.replace(link, text("new"));
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    private static AtomicFile.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
