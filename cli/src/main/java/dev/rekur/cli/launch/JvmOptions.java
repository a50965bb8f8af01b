package dev.rekur.cli.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options with which the command runs on this JVM, as a file that {@code java @FILE} reads. It is written once for each
 * JVM and build, together with an archive of loaded classes from which later runs start sooner.
 */
public final class JvmOptions {
    /** Which version shares classes by an ahead-of-time cache. */
    private static final int CACHES_AHEAD_OF_TIME = 25;
    /** Which version warns of what libraries of ours do with {@code sun.misc.Unsafe}. */
    private static final int WARNS_OF_UNSAFE = 23;
    /** A rehearsal takes some seconds; without an archive the command runs as well, only it starts later. */
    private static final Duration REHEARSAL_LIMIT = Duration.ofMinutes(2);

    private final Path jar;
    private final int version;
    private final boolean vectorApi;

    JvmOptions(Path jar, int version, boolean vectorApi) {
        this.jar = jar;
        this.version = version;
        this.vectorApi = vectorApi;
    }

    /**
     * Writes {@code jvm.args} and the archive into a folder. Where that cannot be done, or no folder is named, the options
     * go to standard output, one a line.
     *
     * @param words {@code JAR EXAMPLES [FOLDER]}; the examples are what is run for the archive
     */
    public static void main(String[] words) throws InterruptedException {
        Path jar = Path.of(words[0]).toAbsolutePath();
        boolean vectorApi = ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent();
        JvmOptions options = new JvmOptions(jar, Runtime.version().feature(), vectorApi);
        try {
            if (words.length > 2) {
                options.write(Path.of(words[2]), Path.of(words[1]));
                return;
            }
        } catch (IOException unwritable) {
            // the folder belongs to somebody else
        }
        PrintStream out = new PrintStream(System.out, true, commandLineCharset());
        options.all(Optional.empty()).forEach(out::println);
    }

    private void write(Path folder, Path examples) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path archive = folder.resolve("classes");
        boolean archived = rehearse(archive, examples);
        Path temporary =
                folder.resolve("jvm." + ProcessHandle.current().pid()); // readable for others, unlike createTempFile
        String text = all(archived ? Optional.of(archive) : Optional.empty()).stream()
                .map(option -> quoted(option) + "\n")
                .collect(Collectors.joining());
        Files.write(temporary, text.getBytes(commandLineCharset()));
        Files.move(temporary, folder.resolve("jvm.args"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Every option. */
    List<String> all(Optional<Path> archive) {
        List<String> options = new ArrayList<>();
        if (version >= WARNS_OF_UNSAFE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (vectorApi) {
            options.add("--add-modules=jdk.incubator.vector");
            options.add("-XX:PerMethodTrapLimit=5000"); // docs/adr/0011-trap-limit.md
        }
        // picocli is compiled for Java 5, whose classes the JVM verifies slowly unless it trusts where they come from
        library("picocli-").ifPresent(picocli -> options.add("-Xbootclasspath/a:" + picocli));
        options.add("-XX:-UsePerfData");
        options.add("-Djava.awt.headless=true");
        options.add("--enable-native-access=ALL-UNNAMED");
        archive.ifPresent(file ->
                options.add((version >= CACHES_AHEAD_OF_TIME ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file));
        options.add("-cp");
        options.add(jar.toString());
        return options;
    }

    private Optional<Path> library(String prefix) {
        Path folder = jar.resolveSibling("lib");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Runs what users run first, and has the JVM write down which classes that took; whether it did. */
    private boolean rehearse(Path archive, Path examples) throws IOException, InterruptedException {
        Path making = archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add((version >= CACHES_AHEAD_OF_TIME ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + making);
        command.addAll(all(Optional.empty()));
        command.add("dev.rekur.cli.Rehearsal");
        command.add(examples.toString());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!ends(process, REHEARSAL_LIMIT) || !Files.exists(making)) {
                return false;
            }
            Files.move(making, archive, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(making);
        }
    }

    /** Waits for the end of a process; ends it, and returns false, if it takes longer than the limit. */
    static boolean ends(Process process, Duration limit) throws InterruptedException {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (process.isAlive()) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** A word of such a file: between quotes, where a backslash stands before what is meant literally. */
    static String quoted(String option) {
        return '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** In which the JVM reads its command line. */
    private static Charset commandLineCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
}
