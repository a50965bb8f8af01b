package dev.rekur.format.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arrays are those of {@code generate.py} in the test resources. */
class NumpyReaderTest {
    @Test
    void everyNumberIsReadInEveryWidthByteOrderAndLayout() throws IOException {
        Map<String, Tensor> arrays = NumpyReader.read(resource("arrays.npz"), "arrays.npz");
        int numbers = 0;
        for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
            if (!array.getKey().matches("[fiub]\\d_.*")) {
                continue;
            }
            numbers++;
            assertThat(array.getValue().shape()).as(array.getKey()).isEqualTo(Shape.of(2, 3, 4));
            for (int i = 0; i < 24; i++) {
                assertThat(element(array.getValue(), i))
                        .as(array.getKey() + " " + i)
                        .isEqualTo(expected(array.getKey().charAt(0), i));
            }
        }
        assertThat(numbers).isEqualTo(48);
    }

    private static double expected(char kind, int i) {
        return switch (kind) {
            case 'f' -> (i - 5) / 4.0;
            case 'i' -> i - 5;
            case 'u' -> i;
            default -> i % 3 == 0 ? 1 : 0;
        };
    }

    private static double element(Tensor tensor, int i) {
        return tensor instanceof FloatTensor floats ? floats.get(i) : ((IntTensor) tensor).get(i);
    }

    @Test
    void textsScalarsAndEmptyArraysAreRead() throws IOException {
        Map<String, Tensor> arrays = NumpyReader.read(resource("arrays.npz"), "arrays.npz");

        assertThat(((TextTensor) arrays.get("text")).toArray()).containsExactly("hello", "wörld", "", "𝕏y");
        assertThat(arrays.get("text").shape()).isEqualTo(Shape.of(2, 2));
        assertThat(((TextTensor) arrays.get("text_big")).toArray()).containsExactly("é", "ab");
        assertThat(((TextTensor) arrays.get("bytes")).toArray()).containsExactly("abc", "é");
        assertThat(arrays.get("scalar")).isEqualTo(FloatTensor.wrap(Shape.of(), new float[] {1.5f}));
        assertThat(arrays.get("empty").shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void compressedArchivesAndSingleArraysAreRead() throws IOException {
        Tensor compressed =
                NumpyReader.read(resource("compressed.npz"), "compressed.npz").get("x");
        Map<String, Tensor> single = NumpyReader.read(resource("single.npy"), "single.npy");

        assertThat(((FloatTensor) compressed).get(23)).isEqualTo(4.5f);
        assertThat(single).containsOnlyKeys("");
        assertThat(((IntTensor) single.get("")).get(0)).isEqualTo(-5);
    }

    @Test
    void whatIsNoNumberOrTextIsRefusedByName() throws IOException {
        for (String name : new String[] {"complex", "objects", "structured", "dates"}) {
            byte[] bytes = resource(name + ".npy");
            assertThatThrownBy(() -> NumpyReader.read(bytes, name))
                    .as(name)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(name + ": ");
        }
    }

    @Test
    void anIntegerBeyond32BitsIsNamedByItsIndex() throws IOException {
        byte[] bytes = resource("large.npy");
        assertThatThrownBy(() -> NumpyReader.read(bytes, "large.npy"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[1, 0] = 1099511627776");
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path folder) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("floats", Tensor.of(new float[] {1, Float.NaN, Float.NEGATIVE_INFINITY, -0.0f}, 2, 2));
        arrays.put("integers", Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, 2));
        arrays.put("texts", Tensor.of("", "wörld", "𝕏"));
        arrays.put("nothing", Tensor.of(new float[0], 0, 5));
        NumpyWriter.npz(folder.resolve("all.npz"), arrays);
        NumpyWriter.npy(folder.resolve("one.npy"), arrays.get("texts"));

        assertThat(NumpyReader.read(folder.resolve("all.npz"))).isEqualTo(arrays);
        assertThat(NumpyReader.read(folder.resolve("one.npy"))).isEqualTo(Map.of("", arrays.get("texts")));
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> NumpyReader.read(folder.resolve("absent.npz")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("absent.npz: no such file");
    }

    @Test
    void damagedFilesEndInATypedError() throws IOException {
        for (String name : new String[] {"arrays.npz", "compressed.npz", "single.npy"}) {
            byte[] whole = resource(name);
            for (int length = 0; length < whole.length; length += whole.length > 1000 ? 17 : 1) {
                tryToRead(java.util.Arrays.copyOf(whole, length), name);
            }
            Random random = new Random(20261123);
            for (int i = 0; i < 3000; i++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                tryToRead(damaged, name);
            }
        }
    }

    private static void tryToRead(byte[] bytes, String name) {
        try {
            NumpyReader.read(bytes, name);
        } catch (InvalidInputException expected) {
            assertThat(expected).hasMessageStartingWith(name);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = NumpyReaderTest.class.getResourceAsStream("/numpy/" + name)) {
            return in.readAllBytes();
        }
    }
}
