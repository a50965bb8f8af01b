package dev.rekur.cli.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the command with Maven where it was never built or sources are newer. Before the first build there are no
 * classes, so the scripts run this file from its source; it uses nothing but the JDK.
 */
public final class Build {
    static final int FRESH = 0;
    static final int FAILED = 2;
    static final int STALE = 3;

    /** The command and what it is made of. */
    static final List<String> MODULES = List.of("runtime", "training", "simd", "importer", "charts", "server", "cli");

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");
    private static final Pattern MODULE_BEGINS =
            Pattern.compile("\\[INFO\\] Building (?:Rekur )?(.+?) \\S+ +\\[(\\d+)/(\\d+)\\]");
    /** How much of Maven's words is shown where it names no error. */
    private static final int LINES_KEPT = 40;

    private final Path home;
    private final Path target;
    private final PrintStream err;

    Build(Path home, PrintStream err) {
        this.home = home;
        this.target = home.resolve("cli").resolve("target");
        this.err = err;
    }

    /**
     * Builds if something is stale, and ends with 0, or with 2 if that failed. With {@code --check} as the first word it
     * only looks, and ends with 3 if something is.
     *
     * @param words {@code [--check] HOME [words of the user ...]}
     */
    public static void main(String[] words) throws IOException, InterruptedException {
        boolean check = words.length > 0 && words[0].equals("--check");
        Path home = Path.of(words[check ? 1 : 0]).toAbsolutePath().normalize();
        Build build = new Build(home, new PrintStream(System.err, true, StandardCharsets.UTF_8));
        int exit;
        if (check) {
            exit = build.isStale() ? STALE : FRESH;
        } else {
            List<String> users = Arrays.asList(words).subList(1, words.length);
            boolean quiet = users.contains("-q") || users.contains("--quiet");
            exit = build.build(quiet, Boolean.getBoolean("rekur.terminal"), build.maven());
        }
        System.exit(exit);
    }

    /** Whether there is no build, or something that it was made from is newer. */
    boolean isStale() throws IOException {
        Path built = target.resolve(".built");
        if (!Files.isRegularFile(built) || !Files.isRegularFile(target.resolve("rekur-cli.jar"))) {
            return true;
        }
        FileTime time = Files.getLastModifiedTime(built);
        for (Path source : sources()) {
            if (Files.exists(source) && isAnyNewer(source, time)) {
                return true;
            }
        }
        return false;
    }

    private List<Path> sources() {
        List<Path> sources = new ArrayList<>();
        sources.add(home.resolve("pom.xml"));
        for (String module : MODULES) {
            sources.add(home.resolve(module).resolve("pom.xml"));
            sources.add(home.resolve(module).resolve("src").resolve("main"));
        }
        sources.add(home.resolve("fixtures").resolve("example"));
        sources.add(home.resolve("docs").resolve("TROUBLESHOOTING.md"));
        return sources;
    }

    /**
     * Folders count too: they change when a file is removed. Links count as they are, wherever they lead: an editor marks a
     * file that is open with one that leads nowhere. What is removed meanwhile is passed over.
     */
    private static boolean isAnyNewer(Path root, FileTime time) throws IOException {
        boolean[] newer = {false};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return visitFile(folder, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                newer[0] = attributes.lastModifiedTime().compareTo(time) > 0;
                return newer[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return passed(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                return passed(failure);
            }

            private FileVisitResult passed(IOException failure) throws IOException {
                if (failure == null || failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return newer[0];
    }

    /** The command that builds, without tests and checks. */
    List<String> maven() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        return List.of(
                windows ? "mvn.cmd" : "mvn",
                "-B",
                "-ntp",
                "-Dstyle.color=never",
                "-f",
                home.resolve("pom.xml").toString(),
                "-pl",
                "cli",
                "-am",
                "-Dmaven.test.skip=true",
                "-Derrorprone=off",
                "-Drekur.failOnWarning=false",
                "-Dspotless.check.skip=true",
                "-Dmaven.source.skip=true",
                "-Dmaven.javadoc.skip=true",
                "package");
    }

    /**
     * Builds unless another process has done so meanwhile; one builds at a time.
     *
     * @param watched whether somebody sees each step
     */
    int build(boolean quiet, boolean watched, List<String> maven) throws IOException, InterruptedException {
        try {
            Files.createDirectories(target);
        } catch (IOException unwritable) {
            err.println("Rekur has to be built once, and " + target + " cannot be written.");
            return FAILED;
        }
        try (FileChannel channel = FileChannel.open(
                        target.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, quiet)) {
            if (!lock.isValid() || !isStale()) {
                return FRESH;
            }
            if (!quiet) {
                err.println(
                        Files.exists(target.resolve("rekur-cli.jar"))
                                ? "building Rekur, whose sources have changed ..."
                                : "building Rekur; the first time it takes some minutes, as Maven fetches libraries ...");
            }
            Path building = target.resolve(".building");
            Files.deleteIfExists(building);
            Files.createFile(building); // what is changed from now on is newer
            int exit = run(maven, watched && !quiet);
            if (exit == FRESH) {
                Files.move(building, target.resolve(".built"), StandardCopyOption.REPLACE_EXISTING);
                removeAll(target.resolve("launch")); // archives of classes fit the jars they were made of
            }
            return exit;
        }
    }

    private FileLock lock(FileChannel channel, boolean quiet) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            if (!quiet) {
                err.println("waiting for another build of Rekur ...");
            }
            lock = channel.lock();
        }
        return lock;
    }

    /** Runs Maven; says what it does, and of its words only what tells why it failed. */
    private int run(List<String> maven, boolean watched) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(maven).redirectErrorStream(true).start();
        } catch (IOException missing) {
            err.println("Rekur has to be built once, and there is no mvn. Install Maven, 3.8.6 or newer.");
            return FAILED;
        }
        Thread ending = new Thread(process::destroy); // whoever ends this process ends Maven too
        Runtime.getRuntime().addShutdownHook(ending);
        process.getOutputStream().close();
        List<String> errors = new ArrayList<>();
        ArrayDeque<String> last = new ArrayDeque<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
                String line = ESCAPE.matcher(raw).replaceAll("");
                last.add(line);
                if (last.size() > LINES_KEPT) {
                    last.remove();
                }
                if (line.startsWith("[ERROR]")) {
                    errors.add(line);
                }
                Matcher begins = MODULE_BEGINS.matcher(line);
                if (watched && begins.matches()) {
                    err.println("building Rekur, " + begins.group(2) + " of " + begins.group(3) + ": "
                            + begins.group(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        if (process.waitFor() == 0) {
            return FRESH;
        }
        (errors.isEmpty() ? last : errors).forEach(err::println);
        err.println("Rekur could not be built; the lines above say why.");
        return FAILED;
    }

    private static void removeAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
