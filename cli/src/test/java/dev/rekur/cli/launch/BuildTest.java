package dev.rekur.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Deciding whether to build, and what is said meanwhile. A shell script stands in for Maven. */
class BuildTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
    private static final Path ROOT = Path.of(System.getProperty("rekur.root"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path home;
    private Build build;

    @BeforeEach
    void aSourceTree() throws IOException {
        home = folder.resolve("O'Reilly & sons (x86)!");
        for (String module : Build.MODULES) {
            write(module + "/src/main/java/A.java");
            write(module + "/pom.xml");
        }
        write("pom.xml");
        build = new Build(home, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void withoutABuildEverythingIsStale() throws IOException {
        assertThat(build.isStale()).isTrue();
        write("cli/target/rekur-cli.jar");
        assertThat(build.isStale()).isTrue();
    }

    @Test
    void aBuildIsStaleOnceASourceIsNewer() throws IOException {
        builtNow();
        assertThat(build.isStale()).isFalse();
        write("benchmarks/src/main/java/B.java");
        write("cli/src/test/java/ATest.java");
        assertThat(build.isStale()).as("what the command is not made of").isFalse();
        for (String source : List.of("server/src/main/java/A.java", "simd/pom.xml", "docs/TROUBLESHOOTING.md")) {
            builtNow();
            Files.setLastModifiedTime(write(source), FileTime.fromMillis(System.currentTimeMillis() + 10_000));
            assertThat(build.isStale()).as(source).isTrue();
            Files.setLastModifiedTime(home.resolve(source), LONG_AGO);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksThatLeadNowhereCountAsTheyAre() throws IOException {
        Path source = home.resolve("runtime/src/main/java");
        Files.createSymbolicLink(source.resolve(".#A.java"), Path.of("user@host.1234"));
        builtNow();
        assertThat(build.isStale()).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatMavenSaysIsKeptToItselfWithoutEscapes() throws Exception {
        int exit = build.build(
                false,
                true,
                maven(
                        "printf '\\033[0m[INFO] Building Rekur Runtime 0.1.0-SNAPSHOT   [2/7]\\033[0m\\n\\033[0m'; touch '"
                                + home.toString().replace("'", "'\\''") + "/cli/target/rekur-cli.jar'"));

        assertThat(exit).isEqualTo(Build.FRESH);
        assertThat(said())
                .startsWith("building Rekur; the first time it takes some minutes")
                .endsWith("building Rekur, 2 of 7: runtime\n")
                .doesNotContain("\u001b");
        assertThat(build.isStale()).isFalse();
        assertThat(build.build(false, true, maven("exit 1")))
                .as("nothing is left to do")
                .isEqualTo(Build.FRESH);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whoeverDoesNotWatchReadsOneLineAndTheQuietNone() throws Exception {
        String begin = "echo '[INFO] Building Rekur Runtime 0.1.0-SNAPSHOT   [2/7]'";
        build.build(false, false, maven(begin));
        assertThat(said()).hasLineCount(1);
        err.reset();
        build.build(true, true, maven(begin));
        assertThat(said()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aBuildThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        int exit =
                build.build(true, false, maven("echo noise; echo '[ERROR] A.java:[3,5] cannot find symbol'; exit 1"));

        assertThat(exit).isEqualTo(Build.FAILED);
        assertThat(said())
                .isEqualTo("[ERROR] A.java:[3,5] cannot find symbol\n"
                        + "Rekur could not be built; the lines above say why.\n");
        assertThat(build.isStale()).isTrue();
    }

    @Test
    void withoutMavenItSaysWhatIsMissing() throws Exception {
        assertThat(build.build(true, false, List.of(folder.resolve("no-mvn").toString())))
                .isEqualTo(Build.FAILED);
        assertThat(said()).contains("there is no mvn. Install Maven, 3.8.6 or newer");
    }

    @Test
    void theScriptTheBuildAndTheProjectNameTheSameModules() throws IOException {
        Set<String> project = new TreeSet<>();
        Matcher modules = Pattern.compile("<module>(\\w+)</module>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (modules.find()) {
            project.add(modules.group(1));
        }
        project.removeAll(Set.of("fixtures", "conformance", "benchmarks"));
        assertThat(Build.MODULES).containsExactlyInAnyOrderElementsOf(project);
        assertThat(Files.readString(ROOT.resolve("rekur")))
                .contains("for module in " + String.join(" ", Build.MODULES) + "; do")
                .contains("/fixtures/example")
                .contains("/docs/TROUBLESHOOTING.md");
    }

    private void builtNow() throws IOException {
        write("cli/target/rekur-cli.jar");
        FileTime soon = FileTime.fromMillis(System.currentTimeMillis() + 1_000);
        Files.setLastModifiedTime(write("cli/target/.built"), soon);
    }

    private List<String> maven(String script) {
        return List.of("sh", "-c", script);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path write(String file) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "");
    }
}
