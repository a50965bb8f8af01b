package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a message points to can be read where the message is read. */
class HelpVerbTest {
    private static final Path ROOT = Path.of(System.getProperty("rekur.root"));
    private static final Pattern LINK = Pattern.compile("docs/TROUBLESHOOTING\\.md#([\\w-]*)");

    @Test
    void aloneItListsVerbsAndTopics() {
        CommandLineRun run = CommandLineRun.of("help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("Usage: rekur", "predict", "weight-shape", "keras-versions");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void aTopicIsPrintedWithItsHeadingAndNothingElse() {
        CommandLineRun run = CommandLineRun.of("help", "weight-shape");
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("### Weight shape\n\nThe file has an array of another shape")
                .doesNotContain("### Weight type");
        assertThat(CommandLineRun.of("help", "docs/TROUBLESHOOTING.md#weight-shape")
                        .out())
                .isEqualTo(run.out());
    }

    @Test
    void aTopicHoldsThoseBelowIt() {
        assertThat(CommandLineRun.of("help", "the-file").out()).contains("### No such file", "### HDF5 features");
    }

    @Test
    void linksToOtherTopicsAreCommands() {
        Topics topics = Topics.of(
                "# A\n\nSee [the\nlimits](#limits) and\n[why](adr/1.md).\n\n```\n# no heading\n```\n\n## B c\n");
        assertThat(topics.names()).containsExactly("a", "b-c");
        assertThat(topics.text("a").orElseThrow())
                .contains("See the\nlimits (rekur help limits) and\nwhy.", "# no heading", "## B c");
    }

    @Test
    void aVerbIsExplainedToo() {
        assertThat(CommandLineRun.of("help", "predict").out()).startsWith("Usage: rekur predict");
    }

    @Test
    void anUnknownTopicIsAnsweredWithThoseThatAreLikeIt() {
        CommandLineRun run = CommandLineRun.of("help", "wieght-shapes");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("there is no topic 'wieght-shapes'. Did you mean weight-shape")
                .contains("'rekur help' lists all");
        assertThat(CommandLineRun.of("help", "shape").err())
                .contains("Did you mean shapes-of-inputs, or input-shape, or weight-shape?");
        assertThat(CommandLineRun.of("help", "xyzzy").err()).doesNotContain("Did you mean");
    }

    @Test
    void everyLinkOfTheCodeLeadsToATopic() throws IOException {
        Topics topics = Topics.read();
        Set<String> linked = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(HelpVerbTest::isMainSource).toList()) {
                Matcher links = LINK.matcher(Files.readString(file));
                while (links.find()) {
                    linked.add(links.group(1));
                }
            }
        }
        assertThat(linked).hasSizeGreaterThan(25);
        assertThat(topics.names()).containsAll(linked);
    }

    @Test
    void messagesNameTheCommandThatExplainsThem() throws IOException {
        CommandLineRun run =
                CommandLineRun.of("check", ROOT.resolve("README.md").toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).endsWith(" rekur help unknown-format\n").doesNotContain("docs/");
    }

    @Test
    void wordsThatAreNoPathsAreSaidSo() {
        for (String[] words : new String[][] {{"check", "\ud800"}, {"predict", "m.keras", "--input", "\ud800"}}) {
            CommandLineRun run = CommandLineRun.of(words);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("is not a path in the encoding of the locale", "C.UTF-8");
        }
    }

    private static boolean isMainSource(Path path) {
        String text = path.toString().replace('\\', '/');
        return text.endsWith(".java") && text.contains("/src/main/java/");
    }
}
