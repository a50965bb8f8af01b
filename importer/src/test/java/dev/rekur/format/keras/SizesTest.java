package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.RekurException;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.format.hdf5.CraftedFile;
import dev.rekur.layer.HeapLimit;
import dev.rekur.model.Model;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers in a small file that ask for more memory than there is are refused before anything is allocated. */
class SizesTest {
    /** More floats than the memory of any JVM that runs tests. */
    private static final int HUGE = Integer.MAX_VALUE - 8;

    @Test
    void aRowOfIndicesThatDoesNotFitIsRefused() throws IOException {
        Model model = edited("text_int_length_4", "\"output_sequence_length\":4", "\"output_sequence_length\":" + HUGE);
        refusedToPredict(model, TextTensor.wrap(Shape.of(16, 1), texts(16)));
    }

    @Test
    void indicesForUnknownWordsThatDoNotFitAreRefused() throws IOException {
        for (String number : new String[] {"1000000000", "2147483647", "200000000"}) {
            String oov = "\"num_oov_indices\":" + number;
            assertThatThrownBy(() -> edited("text_lookup_tf_idf", "\"num_oov_indices\":1", oov))
                    .as(number)
                    .isInstanceOf(RekurException.class)
                    .hasMessageNotContaining("did not foresee")
                    .hasMessageContaining("num_oov_indices");
        }
    }

    @Test
    void unitsThatNoArrayHasRoomForAreRefused() throws IOException {
        Map<String, byte[]> entries = Archives.entries(GoldenFiles.root().resolve("dense_smallest/model.keras"));
        String config = new String(entries.get("config.json"), StandardCharsets.UTF_8);
        for (String className : new String[] {"Dense", "LSTM", "GRU", "SimpleRNN"}) {
            for (String units : new String[] {"2147483647", "1073741824", "268435456", "100000000", "1e300"}) {
                String layer =
                        "{\"class_name\":\"" + className + "\",\"config\":{\"name\":\"l\",\"units\":" + units + "}}";
                String input = "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"x\",\"batch_shape\":"
                        + (className.equals("Dense") ? "[null,2147483647]" : "[null,3,2]") + "}}";
                String json = "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[" + input + "," + layer + "]}}";
                entries.put("config.json", json.getBytes(StandardCharsets.UTF_8));
                byte[] file = Archives.pack(entries);
                assertThatThrownBy(() -> Rekur.load("m.keras", file))
                        .as(className + " " + units)
                        .isInstanceOf(RekurException.class)
                        .hasMessageNotContaining("did not foresee");
            }
        }
        assertThat(config).contains("Dense");
    }

    @Test
    void extentsOfALayerThatRekurLacksMayBeAnything() throws IOException {
        String json =
                "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"InputLayer\",\"config\":"
                        + "{\"name\":\"x\",\"batch_shape\":[null,3]}},{\"class_name\":\"Mine\",\"config\":{\"name\":\"mine\"}}]}}";
        Map<String, byte[]> entries = Archives.entries(GoldenFiles.root().resolve("dense_smallest/model.keras"));
        entries.put("config.json", json.getBytes(StandardCharsets.UTF_8));
        for (long[] extents : new long[][] {{Long.MAX_VALUE}, {1L << 31}, {1 << 30, 1 << 30}, {1L << 62, 4, 7}}) {
            CraftedFile file = new CraftedFile(100);
            int weight = file.group("0", file.declared(extents));
            file.link("layers", file.group("mine", file.group("vars", weight)));
            entries.put("model.weights.h5", file.bytes());
            ModelReading reading = Rekur.read(ModelSource.of("m.keras", Archives.pack(entries)));
            assertThat(reading.problems()).singleElement().satisfies(problem -> assertThat(problem.toString())
                    .contains("'mine' (Mine)"));
            assertThat(reading.summary().orElseThrow().toString())
                    .contains("Mine")
                    .contains("?");
        }
    }

    @Test
    void weightsOfAModelInsideThatCannotBeCountedAreNoDefect() throws IOException {
        String huge = "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"h\",\"batch_shape\":[null,2147483647]}},"
                + "{\"class_name\":\"Dense\",\"config\":{\"name\":\"d\",\"units\":2147483647}}";
        String json =
                "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"InputLayer\",\"config\":"
                        + "{\"name\":\"x\",\"batch_shape\":[null,2147483647]}},{\"class_name\":\"Sequential\",\"config\":{\"name\":"
                        + "\"inside\",\"layers\":[" + huge
                        + "]}},{\"class_name\":\"Mine\",\"config\":{\"name\":\"mine\"}}]}}";
        Map<String, byte[]> entries = Archives.entries(GoldenFiles.root().resolve("dense_smallest/model.keras"));
        entries.put("config.json", json.getBytes(StandardCharsets.UTF_8));
        byte[] file = Archives.pack(entries);
        assertThatThrownBy(() -> Rekur.load("m.keras", file))
                .isInstanceOf(RekurException.class)
                .hasMessageContaining("Mine")
                .hasMessageNotContaining("did not foresee");
    }

    @Test
    void whatIsLargerThanTheMemoryIsRefusedWithItsSize() {
        HeapLimit.require("this", 1);
        assertThatThrownBy(() -> HeapLimit.require("this", Runtime.getRuntime().maxMemory()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("this: takes")
                .hasMessageContaining("#memory");
    }

    private static void refusedToPredict(Model model, Tensor input) {
        assertThatThrownBy(() -> model.predict(input))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("did not foresee");
    }

    private static String[] texts(int count) {
        String[] texts = new String[count];
        Arrays.fill(texts, "a b");
        return texts;
    }

    private static Model edited(String golden, String from, String to) throws IOException {
        Map<String, byte[]> entries = Archives.entries(GoldenFiles.root().resolve(golden + "/model.keras"));
        String config = new String(entries.get("config.json"), StandardCharsets.UTF_8)
                .replace(": ", ":")
                .replace(", ", ",");
        assertThat(config).contains(from);
        entries.put("config.json", config.replace(from, to).getBytes(StandardCharsets.UTF_8));
        return Rekur.load(golden, Archives.pack(entries));
    }
}
