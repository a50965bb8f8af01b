package dev.rekur.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.standard.StandardLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/SUPPORTED_LAYERS.md says what the table of layers and their sources say. {@code -Drekur.docs.update=true} writes it anew. */
class SupportedLayersTest {
    private static final String PAGE = "docs/SUPPORTED_LAYERS.md";
    private static final Pattern CLASS_DOC =
            Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public (?:final )?(?:record|class) ", Pattern.DOTALL);
    private static final Pattern UNSUPPORTED =
            Pattern.compile("config\\.problem\\(\\s*\"'?(\\w+)'?(?: output)? is not supported");

    @Test
    void thePageIsThatOfTheRegistry() throws IOException {
        Path page = Repository.root().resolve(PAGE);
        String text = page();
        if (Boolean.getBoolean("rekur.docs.update")) {
            Files.writeString(page, text);
        }
        assertThat(page).as("run with -Drekur.docs.update=true").exists();
        assertThat(Files.readString(page))
                .as("run with -Drekur.docs.update=true")
                .isEqualTo(text);
    }

    private static String page() {
        List<String> names = StandardLayers.registry().names();
        StringBuilder page = new StringBuilder("""
                # Supported layers

                Made from the table of layers and their sources by `SupportedLayersTest`; `mvn verify -Drekur.docs.update=true` writes it anew.
                A model that uses anything else is refused with the name of the layer, the key and what there is instead.

                Masks: *passes* hands the input's mask on, *ends* does not, *computes* makes a new one, *merges* makes one of all inputs'.

                ## Layers

                | Layer | What it computes | Weights | Masks | Not supported | Follows |
                |---|---|---|---|---|---|
                """);
        names.stream()
                .filter(name -> !name.startsWith("ops."))
                .map(SupportedLayersTest::row)
                .forEach(page::append);
        page.append("""

                ## Operations

                Functional models hold masks as operations of `keras.ops` in their graphs. These are read:

                | Operation | What it computes | Weights | Masks | Not supported | Follows |
                |---|---|---|---|---|---|
                """);
        names.stream()
                .filter(name -> name.startsWith("ops."))
                .map(SupportedLayersTest::row)
                .forEach(page::append);
        page.append("""

                ## Activation functions

                Every function of `keras.activations` that needs no parameters, by name or as a serialized object, with the
                meaning it has in the Keras that wrote the file (`hard_sigmoid` changed with Keras 3):

                """);
        return page.append(Activation.names().stream()
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", ")))
                .append("\n")
                .toString();
    }

    private static String row(String name) {
        String source = source(name);
        List<String> cells = List.of(
                "`" + name.replace("ops.", "keras.ops.") + "`",
                firstSentence(source),
                weights(source),
                masks(source),
                unsupported(source),
                follows(source));
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** The source of a room: the one that gives Keras's name as its own. */
    private static String source(String name) {
        String own = "return \"" + name.replace("ops.", "") + "\";";
        List<String> sources = Repository.javaSources(false).stream()
                .filter(file -> Repository.slashes(file).contains("dev/rekur/layer/"))
                .filter(file ->
                        name.startsWith("ops.") == Repository.slashes(file).contains("/operation/"))
                .map(file -> Repository.text(file).orElseThrow())
                .filter(text -> text.contains("String className()") && text.contains(own))
                .toList();
        assertThat(sources).as("sources of " + name).hasSize(1);
        return sources.get(0);
    }

    private static String firstSentence(String source) {
        Matcher doc = CLASS_DOC.matcher(source);
        assertThat(doc.find()).isTrue();
        String text = doc.group(1).replaceAll("\\s*\\n\\s*\\*\\s?", " ").trim();
        text = text.replaceAll("<p>.*", "").replaceAll("\\s+@\\w+ .*", "").trim();
        text = text.replaceAll("\\{@code ([^}]*)}", "`$1`").replaceAll("\\{@link #?([^} ]*)[^}]*}", "`$1`");
        int end = text.indexOf(". ");
        return (end < 0 ? text : text.substring(0, end + 1)).replace("|", "\\|");
    }

    private static String weights(String source) {
        Set<String> weights = all(Pattern.compile("WeightSpec\\.(?:of|statistic)\\(\"(\\w+)\""), source);
        if (source.contains(".within(FORWARD)")) {
            return "those of both layers";
        }
        if (source.contains(".within(ATTRIBUTE)")) {
            return "those of the layer";
        }
        return weights.isEmpty() ? "none" : code(weights);
    }

    private static String masks(String source) {
        if (source.contains("AnyOfStep")) {
            return "passes; in files of Keras 2 as the layer has it";
        }
        List<String> rules = new ArrayList<>();
        if (source.contains("OutputMask.Computed")) {
            rules.add("computes");
        }
        if (source.contains("implements ElementwiseMerge")) {
            rules.add("merges");
        }
        if (source.contains("OutputMask.ofFirst") || source.contains("implements RegularizingLayer")) {
            rules.add("passes");
        }
        if (rules.isEmpty() || source.contains("OutputMask.NONE")) {
            rules.add("ends");
        }
        boolean recurrent = source.contains("RecurrentLayer {") || rules.equals(List.of("passes", "ends"));
        return recurrent ? "passes where sequences are returned" : String.join(" or ", rules);
    }

    private static String unsupported(String source) {
        Set<String> keys = new LinkedHashSet<>(all(UNSUPPORTED, source));
        Matcher list = Pattern.compile("for \\(String unsupported : List\\.of\\(([^)]*)\\)\\)")
                .matcher(source);
        if (list.find()) {
            keys.addAll(all(Pattern.compile("\"(\\w+)\""), list.group(1)));
        }
        if (source.contains("RecurrentOptions.fromConfig")) {
            keys.add("time_major");
        }
        if (source.contains("VocabularyReader")) {
            keys.add("sparse");
        }
        return keys.isEmpty() ? "" : code(keys);
    }

    private static String follows(String source) {
        return code(all(Pattern.compile("`?(keras/src/[\\w/]+\\.py)"), source));
    }

    private static Set<String> all(Pattern pattern, String source) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String code(Set<String> words) {
        List<String> quoted = new ArrayList<>();
        words.forEach(word -> quoted.add("`" + word + "`"));
        return String.join(", ", quoted);
    }
}
