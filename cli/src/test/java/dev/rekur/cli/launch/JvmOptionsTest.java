package dev.rekur.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JvmOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void theVectorApiIsOpenedWhereTheJvmHasIt() {
        assertThat(options(17, true)).contains("--add-modules=jdk.incubator.vector", "-XX:PerMethodTrapLimit=5000");
        assertThat(options(17, false)).doesNotContain("jdk.incubator.vector");
    }

    @Test
    void eachJvmGetsOptionsThatItKnows() {
        assertThat(options(17, true)).doesNotContain("unsafe");
        assertThat(options(25, true)).contains("--sun-misc-unsafe-memory-access=allow");
        Optional<Path> archive = Optional.of(folder.resolve("classes"));
        assertThat(new JvmOptions(folder.resolve("a.jar"), 17, true).all(archive))
                .contains("-XX:SharedArchiveFile=" + archive.get());
        assertThat(new JvmOptions(folder.resolve("a.jar"), 25, true).all(archive))
                .contains("-XX:AOTCache=" + archive.get());
    }

    @Test
    void picocliIsFoundBesideTheCommand() throws Exception {
        Path picocli = folder.resolve("lib/picocli-4.7.7.jar");
        Files.createDirectories(picocli.getParent());
        Files.createFile(picocli);
        assertThat(options(17, true)).contains("-Xbootclasspath/a:" + picocli);
    }

    @Test
    void aPathMayHoldWhateverSystemsAllow() {
        assertThat(JvmOptions.quoted("-cp C:\\o'r \"x\" #!")).isEqualTo("\"-cp C:\\\\o'r \\\"x\\\" #!\"");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aRehearsalThatDoesNotEndIsEnded() throws Exception {
        Process endless = new ProcessBuilder("sleep", "600").start();
        assertThat(JvmOptions.ends(endless, Duration.ofMillis(50))).isFalse();
        assertThat(endless.isAlive()).isFalse();
        assertThat(JvmOptions.ends(new ProcessBuilder("true").start(), Duration.ofMinutes(1)))
                .isTrue();
    }

    private String options(int version, boolean vectorApi) {
        return String.join(
                "\n", new JvmOptions(folder.resolve("rekur-cli.jar"), version, vectorApi).all(Optional.empty()));
    }
}
