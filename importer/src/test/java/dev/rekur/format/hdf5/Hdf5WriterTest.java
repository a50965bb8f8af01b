package dev.rekur.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read back: by our reader, and by jHDF. */
class Hdf5WriterTest {
    private static final String LONG_TEXT = "0123456789\u00e9\u65e5".repeat(20_000);

    @Test
    void everyKindOfDatasetComesBack() throws IOException {
        FloatTensor floats = random(7, 5, 3);
        NewGroup root = new NewGroup();
        root.dataset("layers/dense/vars/0", NewDataset.float32(floats));
        root.dataset("scalar", NewDataset.float32(random()));
        root.dataset("none", NewDataset.float32(random(0, 4)));
        root.dataset("iteration", NewDataset.int64(new long[0], (1L << 40) + 1));
        root.dataset("ints", NewDataset.int32(new long[] {2, 2}, 1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE));
        root.dataset("bytes", NewDataset.uint8(new long[] {3}, (byte) 1, (byte) 2, (byte) 255));
        byte[] file = bytes(root);

        Hdf5Group read = open(file).root();
        assertThat(read.names()).containsExactly("bytes", "ints", "iteration", "layers", "none", "scalar");
        assertThat(read.dataset("layers/dense/vars/0").orElseThrow().floats()).isEqualTo(floats);
        assertThat(read.dataset("scalar").orElseThrow().floats()).isEqualTo(random());
        assertThat(read.dataset("none").orElseThrow().dimensions()).containsExactly(0, 4);
        assertThat(read.dataset("none").orElseThrow().floats().size()).isZero();
        assertThat(read.dataset("ints").orElseThrow().elementType()).isEqualTo("int32");
        assertThat(read.dataset("bytes").orElseThrow().floats().toArray()).containsExactly(1, 2, 255);
        try (HdfFile other = HdfFile.fromBytes(file)) {
            assertThat(other.getDatasetByPath("layers/dense/vars/0").getDataFlat())
                    .isEqualTo(floats.toArray());
            assertThat(other.getDatasetByPath("iteration").getData()).isEqualTo((1L << 40) + 1);
            assertThat(other.getDatasetByPath("ints").getData())
                    .isEqualTo(new int[][] {{1, -2}, {Integer.MAX_VALUE, Integer.MIN_VALUE}});
            assertThat(other.getDatasetByPath("bytes").getDataType().getSize()).isEqualTo(1);
        }
    }

    @Test
    void attributesComeBack() throws IOException {
        NewGroup root = new NewGroup().text("config", LONG_TEXT).text("empty", "");
        root.byteTexts("names", List.of("a", "", "bc")).byteTexts("nothing", List.of());
        root.byteText("bytes", "\u65e5\u672c");
        root.fixedTexts("fixed", List.of("kernel:0", "b", ""));
        root.numbers("count", NewDataset.int64(new long[0], 7));
        byte[] file = bytes(root);

        Hdf5Group read = open(file).root();
        assertThat(read.attributeNames())
                .containsExactly("config", "empty", "names", "nothing", "bytes", "fixed", "count");
        assertThat(read.text("config")).hasValue(LONG_TEXT);
        assertThat(read.text("empty")).hasValue("");
        assertThat(read.texts("names").orElseThrow()).containsExactly("a", "", "bc");
        assertThat(read.text("bytes")).hasValue("\u65e5\u672c");
        assertThat(read.texts("nothing").orElseThrow()).isEmpty();
        assertThat(read.texts("fixed").orElseThrow()).containsExactly("kernel:0", "b", "");
        try (HdfFile other = HdfFile.fromBytes(file)) {
            assertThat(other.getAttribute("config").getData()).isEqualTo(LONG_TEXT);
            assertThat(other.getAttribute("names").getData()).isEqualTo(new String[] {"a", "", "bc"});
            assertThat(other.getAttribute("fixed").getData()).isEqualTo(new String[] {"kernel:0", "b", ""});
            assertThat(other.getAttribute("count").getData()).isEqualTo(7L);
        }
    }

    @Test
    void groupsMayBeEmptyOrHoldMoreThanATreeOfThreeLevels() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            names.add("dense_" + i);
        }
        Collections.shuffle(names, new Random(1));
        NewGroup root = new NewGroup();
        root.group("empty/still_empty");
        for (String name : names) {
            root.dataset("many/" + name, NewDataset.int32(new long[0], Integer.parseInt(name.substring(6))));
        }
        byte[] file = bytes(root);
        Hdf5Group many = open(file).root().group("many").orElseThrow();
        assertThat(many.names())
                .containsExactlyElementsOf(names.stream().sorted().toList());
        for (String name : names) {
            assertThat(many.dataset(name).orElseThrow().floats().get(0)).isEqualTo(Integer.parseInt(name.substring(6)));
        }
        assertThat(open(file).root().group("empty/still_empty").orElseThrow().names())
                .isEmpty();
        try (HdfFile other = HdfFile.fromBytes(file)) {
            assertThat(((Group) other.getByPath("many")).getChildren()).hasSize(9000);
            assertThat(((Group) other.getByPath("empty/still_empty")).getChildren())
                    .isEmpty();
        }
    }

    @Test
    void childrenLieInTheOrderOfTheirBytesNotOfTheirCharacters() throws IOException {
        NewGroup root = new NewGroup();
        root.group("\uD83D\uDE00"); // above \uFF5E in UTF-8, below it in UTF-16
        root.group("\uFF5E");
        assertThat(open(bytes(root)).root().names()).containsExactly("\uFF5E", "\uD83D\uDE00");
    }

    @Test
    void equalContentMakesEqualBytesAndTheSizeIsKnownBefore() throws IOException {
        Hdf5Writer writer =
                new Hdf5Writer(new NewGroup().text("a", "b").dataset("c/d", NewDataset.float32(random(100_000))));
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        writer.write(first);
        writer.write(second);
        assertThat(first.toByteArray()).isEqualTo(second.toByteArray()).hasSize((int) writer.sizeBytes());
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        NewGroup root = new NewGroup().dataset("a", NewDataset.float32(random(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> root.dataset("a", NewDataset.float32(random(2))));
        assertThatIllegalArgumentException().isThrownBy(() -> root.group("a/b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hdf5Writer(new NewGroup().fixedTexts("a", List.of("x".repeat(65_536)))));
        assertThatIllegalArgumentException().isThrownBy(() -> NewDataset.int32(new long[] {3}, 1));
    }

    private static FloatTensor random(int... shape) {
        Random random = new Random(shape.length);
        float[] values = new float[Shape.of(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return FloatTensor.wrap(Shape.of(shape), values);
    }

    private static Hdf5File open(byte[] file) {
        return Hdf5File.open("written", file, 0, file.length);
    }

    private static byte[] bytes(NewGroup root) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Hdf5Writer(root).write(out);
        String folder = System.getProperty("rekur.scratch");
        if (folder != null) {
            Files.write(Path.of(folder).resolve("f" + out.size() + ".h5"), out.toByteArray());
        }
        return out.toByteArray();
    }
}
