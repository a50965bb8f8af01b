package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Error messages link to sections of docs/TROUBLESHOOTING.md; each must exist. */
class TroubleshootingTest {
    private static final Pattern WITHIN_A_TEXT = Pattern.compile(
            "\"[^\"\n]+docs/TROUBLESHOOTING\\.md#[\\w-]*|" + "\\+\\s*\"docs/TROUBLESHOOTING\\.md#[\\w-]*");
    private static final Pattern LINK = Pattern.compile("TROUBLESHOOTING\\.md#([\\w-]*)");

    @Test
    void everySectionThatAMessageLinksToExists() throws IOException {
        Path root = Path.of(System.getProperty("rekur.root"));
        Set<String> sections = new TreeSet<>();
        for (String line : Files.readAllLines(root.resolve("docs/TROUBLESHOOTING.md"))) {
            if (line.startsWith("#")) {
                sections.add(line.replaceFirst("^#+ *", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'));
            }
        }
        Map<String, String> missing = new TreeMap<>();
        int links = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(TroubleshootingTest::isMainSource).toList()) {
                Matcher matcher = LINK.matcher(Files.readString(file));
                while (matcher.find()) {
                    links++;
                    if (!sections.contains(matcher.group(1))) {
                        missing.put(matcher.group(1), root.relativize(file).toString());
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(links).isGreaterThan(30);
    }

    /** Links are fields of their own, so that whoever shows a message can say where to read more. */
    @Test
    void linksAreNoPartOfAMessage() throws IOException {
        Path root = Path.of(System.getProperty("rekur.root"));
        Map<String, String> within = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(TroubleshootingTest::isMainSource).toList()) {
                Matcher matcher = WITHIN_A_TEXT.matcher(Files.readString(file));
                while (matcher.find()) {
                    within.put(root.relativize(file).toString(), matcher.group());
                }
            }
        }
        assertThat(within).isEmpty();
    }

    private static boolean isMainSource(Path path) {
        String text = path.toString().replace('\\', '/');
        return text.endsWith(".java") && text.contains("/src/main/java/");
    }
}
