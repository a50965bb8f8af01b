package dev.rekur.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script itself, as a user calls it, with the classes of this build in place of the command's jar. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class RekurScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("rekur.root"));
    private static final Path MODEL = Path.of(System.getProperty("rekur.fixtures"))
            .resolve("simple_rnn_no_bias")
            .resolve("model.keras");

    @TempDir
    private static Path folder;

    /** A folder whose name holds what scripts stumble over. */
    private static Path home;

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void aHomeWithoutSources() throws Exception {
        home = folder.resolve("o'reilly & \"sons\" (x86) !");
        Path lib = Files.createDirectories(home.resolve("cli/target/lib"));
        Files.copy(ROOT.resolve("rekur"), home.resolve("rekur"));
        assertThat(home.resolve("rekur").toFile().setExecutable(true)).isTrue();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
        try (OutputStream jar = Files.newOutputStream(home.resolve("cli/target/rekur-cli.jar"))) {
            new JarOutputStream(jar, manifest).close();
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("picocli-")) {
                Files.copy(Path.of(entry), lib.resolve(Path.of(entry).getFileName()));
            }
        }
        assertThat(run(Map.of(), "--version").status()).isZero(); // writes the options of the JVM
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=xx_XX.UTF-8", "LANG=C", "LC_TIME=xx_XX.UTF-8", "NONE=1"})
    void aPathIsAPathUnderAnyLocale(String locale) throws Exception {
        // the JVM of this test may know ASCII alone itself, so the shell makes the name
        String check = "name=$(printf '%s/mod\\303\\250le-\\346\\227\\245.keras' \"$1\");"
                + " cp \"$2\" \"$name\"; exec sh \"$3\" check \"$name\"";

        Ended ended = end(start(
                Map.of(locale.split("=")[0], locale.split("=")[1]),
                List.of("sh", "-c", check, "sh", folder.toString(), MODEL.toString(), script())));

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).startsWith("modèle-日.keras: ").endsWith("The model can be run.\n");
    }

    @Test
    void theOptionsOfTheJvmAreWrittenOnceAndReachIt() throws Exception {
        List<Path> options;
        try (var files = Files.walk(home.resolve("cli/target/launch"))) {
            options = files.filter(file -> file.endsWith("jvm.args")).toList();
        }
        assertThat(options).hasSize(1);
        Ended ended =
                run(Map.of("REKUR_JAVA_OPTS", "-XX:+PrintCommandLineFlags -Xlog:disable -Xlog:all=error"), "--version");
        assertThat(ended.out() + ended.err()).contains("-XX:PerMethodTrapLimit=5000", "-XX:+UseSerialGC");
    }

    @Test
    void whereOptionsCannotBeKeptTheCommandRunsAllTheSame() throws Exception {
        Path launch = home.resolve("cli/target/launch");
        Path away = home.resolve("cli/target/launch.away");
        if (Files.exists(launch)) {
            Files.move(launch, away);
        }
        Files.writeString(launch, "a file in the folder's place");
        try {
            assertThat(run(Map.of(), "check", MODEL.toString()).out()).endsWith("The model can be run.\n");
        } finally {
            Files.delete(launch);
            if (Files.exists(away)) {
                Files.move(away, launch);
            }
        }
    }

    @Test
    void aJvmThatDoesNotStartIsNoDifference() throws Exception {
        Ended ended = run(
                Map.of("REKUR_JAVA_OPTS", "-XX:NoSuchOption"), "verify", "m.keras", "--input", "x", "--expected", "y");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("NoSuchOption", "nothing was compared");
    }

    @Test
    void aSignalReachesTheServer() throws Exception {
        Process server = start(Map.of(), "serve", MODEL.toString(), "--port", "0");
        BufferedReader out = server.inputReader();
        assertThat(out.readLine()).startsWith("http://127.0.0.1:");

        server.toHandle().destroy(); // Process.destroy would close the streams too

        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(new String(server.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("stopped");
    }

    @Test
    void aSignalReachesWhatTheShellWaitsFor() throws Exception {
        Process verify = start(Map.of(), "verify", MODEL.toString(), "--input", "-", "--expected", MODEL.toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (verify.descendants().noneMatch(RekurScriptTest::isJava) && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        List<ProcessHandle> inside = verify.descendants().toList();
        assertThat(inside).anyMatch(RekurScriptTest::isJava);

        verify.toHandle().destroy();

        assertThat(verify.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(inside).noneMatch(ProcessHandle::isAlive);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("java");
    }

    private static String script() {
        return home.resolve("rekur").toString();
    }

    private static Ended run(Map<String, String> environment, String... words) throws Exception {
        return end(start(environment, words));
    }

    private static Ended end(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err);
    }

    private static Process start(Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", script()));
        command.addAll(List.of(words));
        return start(environment, command);
    }

    /** In an environment that says nothing of the locale but what is given. */
    private static Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("REKUR_JAVA_OPTS");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
