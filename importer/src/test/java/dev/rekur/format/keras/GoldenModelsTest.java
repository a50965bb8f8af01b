package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.format.json.JsonReader;
import dev.rekur.graph.GraphLayer;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every model that real Keras wrote, in every format it wrote it in. */
class GoldenModelsTest {
    @Test
    void formatsOfOneModelGiveTheSameLayersAndTheSameWeightsBitForBit() throws IOException {
        int read = 0;
        int models = 0;
        for (Path folder : GoldenFiles.cases()) {
            Map<String, ModelReading> readings = readings(folder);
            readings.forEach((file, reading) ->
                    assertThat(reading.layers()).as(folder + "/" + file).isNotEmpty());
            read += readings.size();
            models += (int) readings.values().stream()
                    .filter(reading -> reading.model().isPresent())
                    .count();
            requireSame(folder, readings, "model.keras", "model.h5");
            requireSame(folder, readings, "model.keras", "config.json");
            requireSame(folder, readings, "keras2.keras", "keras2.h5");
        }
        assertThat(read).as("files read").isGreaterThan(1000);
        assertThat(models).as("models read").isGreaterThan(850);
    }

    @Test
    void parametersAreAsManyAsKerasCounts() throws IOException {
        int compared = 0;
        for (Path folder : GoldenFiles.cases()) {
            Object parameters = describe(folder).get("parameters");
            Path file = folder.resolve("model.keras");
            if (parameters instanceof Long expected && Files.exists(file)) {
                ModelReading reading = Rekur.read(ModelSource.of(file));
                if (reading.model().isPresent()) {
                    assertThat(parameters(reading.model().get()))
                            .as(file.toString())
                            .isEqualTo(expected);
                    compared++;
                }
            }
        }
        assertThat(compared).as("models compared").isGreaterThan(250);
    }

    @Test
    void optimizersComeWithTheirVariablesInOrder() {
        Path folder = GoldenFiles.root().resolve("trained_adam");
        List<CompileConfiguration> configurations = new ArrayList<>();
        for (String file : List.of("model.keras", "model.h5", "keras2.keras", "keras2.h5")) {
            configurations.add(
                    Rekur.load(folder.resolve(file)).compileConfiguration().orElseThrow());
        }

        // iteration, in Keras 3 the learning rate, then momentum and velocity of each of ten weights
        assertThat(configurations)
                .extracting(c -> c.optimizerVariables().size())
                .containsExactly(22, 22, 21, 21);
        assertThat(configurations.get(0).optimizerVariables().get(0).value().get(0))
                .isEqualTo(3f);
        assertThat(configurations.get(0).optimizerVariables().get(1).value().get(0))
                .isEqualTo(0.01f);
        assertThat(configurations.get(0).optimizerVariables().get(10).name()).isEqualTo("vars/10");
        for (int i = 0; i < 22; i++) {
            assertThat(configurations.get(1).optimizerVariables().get(i).value())
                    .isEqualTo(configurations.get(0).optimizerVariables().get(i).value());
        }
        assertThat(configurations.get(0).config()).containsKeys("optimizer", "loss", "metrics");
        assertThat(Rekur.load(GoldenFiles.root().resolve("lesson_2_residual/model.h5"))
                        .compileConfiguration())
                .isEmpty();
    }

    @Test
    void theWriterIsNamed() throws IOException {
        Path folder = GoldenFiles.root().resolve("lesson_2_residual");

        assertThat(Rekur.read(ModelSource.of(folder.resolve("model.keras"))).writer())
                .isEqualTo("Keras 3.15.1");
        assertThat(Rekur.read(ModelSource.of(folder.resolve("model.h5"))).writer())
                .isEqualTo("Keras 3.15.1");
        assertThat(Rekur.read(ModelSource.of(folder.resolve("keras2.h5"))).writer())
                .startsWith("Keras 2.");
        assertThat(Rekur.read(ModelSource.of(folder.resolve("keras2.keras"))).writer())
                .startsWith("Keras 2.");
    }

    @Test
    void anUnpackedArchiveIsAModelToo() throws IOException {
        Path file = GoldenFiles.root().resolve("lesson_2_residual/model.keras");
        Path folder = Files.createTempDirectory("rekur");
        Archives.unpack(file, folder);

        Model unpacked = Rekur.load(folder);
        assertSameWeights("unpacked", Rekur.load(file), unpacked);
        assertSameWeights("in memory", unpacked, Rekur.load("model.keras", Files.readAllBytes(file)));
    }

    private static Map<String, ModelReading> readings(Path folder) {
        Map<String, ModelReading> readings = new LinkedHashMap<>();
        for (String name : List.of("model.keras", "model.h5", "keras2.keras", "keras2.h5")) {
            if (Files.exists(folder.resolve(name))) {
                readings.put(name, Rekur.read(ModelSource.of(folder.resolve(name))));
            }
        }
        Path weights = folder.resolve("model.weights.h5");
        if (Files.exists(folder.resolve("config.json")) && Files.exists(weights)) {
            readings.put("config.json", Rekur.read(ModelSource.of(folder.resolve("config.json"), weights)));
        }
        return readings;
    }

    private static void requireSame(Path folder, Map<String, ModelReading> readings, String one, String other) {
        if (readings.containsKey(one) && readings.containsKey(other)) {
            readings.get(one).model().ifPresent(a -> readings.get(other).model().ifPresent(b -> {
                assertSameWeights(folder + ": " + one + " and " + other, a, b);
                assertThat(b.graph().outputNames()).isEqualTo(a.graph().outputNames());
            }));
        }
    }

    static void assertSameWeights(String what, Model one, Model other) {
        assertThat(other.graph().flat().layers())
                .as(what)
                .hasSameSizeAs(one.graph().flat().layers());
        for (int i = 0; i < one.graph().flat().layers().size(); i++) {
            GraphLayer a = one.graph().flat().layers().get(i);
            GraphLayer b = other.graph().flat().layers().get(i);
            assertThat(b.layer().unnamed())
                    .as(what + ", " + a)
                    .isEqualTo(a.layer().unnamed());
            assertThat(other.weights().of(b))
                    .as(what + ", " + a)
                    .isEqualTo(one.weights().of(a));
        }
    }

    private static long parameters(Model model) {
        return model.graph().layers().stream()
                .flatMap(layer -> layer.weights().stream())
                .mapToLong(weight -> weight.shape().size())
                .sum();
    }

    private static Map<String, Object> describe(Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("case.json"));
        return JsonReader.readObject(bytes, 0, bytes.length, IllegalStateException::new);
    }
}
