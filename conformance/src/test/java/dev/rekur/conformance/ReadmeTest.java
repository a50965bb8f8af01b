package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code in README.md compiles and runs as it stands there. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("rekur.root"));

    /** What a reader has before the first block: models in the working directory, and data. */
    private static final String GIVEN = """
            byte[] bytes = Files.readAllBytes(Path.of("two-inputs.keras"));
            Tensor a = Tensor.of(new float[3 * 6 * 3], 3, 6, 3);
            Tensor b = Tensor.of(new float[3 * 4], 3, 4);
            int rows = 8;
            int[] tokenArray = new Random(1).ints(rows * 100, 0, 10_000).toArray();
            int[][] tokens = new int[4][100];
            float[] out = new float[rows * 5];
            ExecutorService executor = Executors.newFixedThreadPool(2);
            Tensor inputs = Tensor.of(tokenArray, rows, 100);
            Tensor labels = Tensor.of(new int[] {0, 1, 2, 3, 4, 0, 1, 2}, rows);
            Dataset train = Dataset.of(inputs, labels);
            Dataset validation = Dataset.of(inputs, labels);
            """;

    private static final String METHODS = """
            static Iterator<Batch> batchesOfAnEpoch() {
                return List.<Batch>of().iterator();
            }
            """;

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void theJavaBlocksCompileAndRun() throws Exception {
        List<String> blocks = blocks("java");
        assertThat(blocks).hasSize(2);
        List<String> imports = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        for (String block : blocks) {
            block.lines().forEach(line -> (line.startsWith("import ") ? imports : statements).add(line));
        }
        Path source = Files.writeString(
                folder.resolve("Readme.java"),
                String.join("\n", imports)
                        // only what the given lines need; a block brings what it needs itself
                        + "\nimport java.nio.file.Files;\nimport java.util.Iterator;\nimport java.util.Random;\n"
                        + "import java.util.concurrent.ExecutorService;\nimport java.util.concurrent.Executors;\n"
                        + "final class Readme {\npublic static void main(String[] words) throws Exception {\n"
                        + GIVEN
                        + String.join("\n", statements)
                        + "\nexecutor.shutdown();\n}\n"
                        + METHODS
                        + "}\n",
                StandardCharsets.UTF_8);
        Files.copy(ROOT.resolve("fixtures/example/debian-sections-tokens.keras"), folder.resolve("model.keras"));
        Files.copy(
                ROOT.resolve("fixtures/golden/simple_rnn_initial_state_inputs/model.keras"),
                folder.resolve("two-inputs.keras"));

        String said = run(source);

        assertThat(said).contains("Total params: 1,");
        assertThat(folder.resolve("tuned.keras")).isNotEmptyFile();
        assertThat(folder.resolve("model.h5")).isNotEmptyFile();
    }

    @Test
    void theDependenciesAreThoseOfThisVersion() throws IOException {
        Matcher version = Pattern.compile("<artifactId>rekur</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        List<String> blocks = blocks("xml");
        assertThat(blocks).hasSize(1);
        Matcher dependencies = Pattern.compile(
                        "<groupId>dev.rekur</groupId>\\s*<artifactId>rekur-(\\w+)</artifactId>[^\\n]*\\s*<version>([^<]+)</version>")
                .matcher(blocks.get(0));
        int found = 0;
        while (dependencies.find()) {
            found++;
            assertThat(ROOT.resolve(dependencies.group(1)).resolve("pom.xml")).exists();
            assertThat(dependencies.group(2)).isEqualTo(version.group(1));
        }
        assertThat(found).isEqualTo(3);
    }

    /** Compiles and runs a file in a JVM of its own, in the folder; what it says. */
    private String run(Path source) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exit = process.waitFor();
        String said = Files.readString(output);
        assertThat(exit).as(said).isZero();
        return said;
    }

    private static List<String> blocks(String language) throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        return Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.toList());
    }
}
