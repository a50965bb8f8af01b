package dev.rekur.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules that only sources can break. */
class SourcesTest {
    private static final int LONGEST_FILE = 400;

    private static final Pattern UNDONE = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    /** Home, working and scratch folders of a machine; tests of secrecy make up a somebody. */
    private static final Pattern MACHINE_PATH = Pattern.compile(
            "(?<![\\w.}/-])/(?:home|root|Users|work|mnt|tmp/(?:venv|build))/(?!somebody\\b)[\\w.-]+|[A-Z]:\\\\Users\\\\");

    @Test
    void noFileIsLongerThanFourHundredLines() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Repository.javaSources(true)) {
            long lines = Repository.text(file).orElseThrow().lines().count();
            if (lines > LONGEST_FILE) {
                tooLong.add(file + " (" + lines + ")");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageOfProductCodeSaysWhatItIsForAndIsNullMarked() {
        Set<Path> packages = new TreeSet<>();
        for (Path file : Repository.javaSources(false)) {
            if (!file.endsWith("module-info.java")) {
                packages.add(file.getParent());
            }
        }
        List<Path> missing = new ArrayList<>();
        for (Path folder : packages) {
            Path description = folder.resolve("package-info.java");
            String text = Files.exists(Repository.root().resolve(description))
                    ? Repository.text(description).orElse("")
                    : "";
            if (!text.contains("@NullMarked") || !text.startsWith("/**")) {
                missing.add(description);
            }
        }
        assertThat(packages).hasSizeGreaterThan(15);
        assertThat(missing).isEmpty();
    }

    @Test
    void nothingIsLeftUndone() {
        assertThat(matches(UNDONE, file -> file.endsWith(".java") || file.endsWith(".py")))
                .isEmpty();
    }

    @Test
    void noFileNamesAPathOfTheMachineItWasWrittenOn() {
        assertThat(matches(MACHINE_PATH, file -> true)).isEmpty();
    }

    private static List<String> matches(Pattern pattern, Predicate<String> selected) {
        List<String> matches = new ArrayList<>();
        for (Path file : Repository.files()) {
            String name = Repository.slashes(file);
            if (!selected.test(name) || name.endsWith("architecture/SourcesTest.java")) {
                continue;
            }
            Matcher matcher = pattern.matcher(Repository.text(file).orElse(""));
            if (matcher.find()) {
                matches.add(name + ": " + matcher.group());
            }
        }
        return matches;
    }
}
