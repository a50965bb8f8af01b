package dev.rekur.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.RekurException;
import dev.rekur.tensor.FloatTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The files are those of {@code generate.py} in the test resources. */
class Hdf5FileTest {
    @Test
    void everyNumberIsReadInEveryWidthAndByteOrder() throws IOException {
        Hdf5Group types = open("variety.h5").root().group("types").orElseThrow();

        assertThat(types.names()).hasSize(24);
        for (String name : types.names()) {
            FloatTensor values = types.dataset(name).orElseThrow().floats();
            for (int i = 0; i < 24; i++) {
                float expected =
                        switch (name.equals("bool") ? '?' : name.charAt(0)) {
                            case '?' -> i % 3 == 0 ? 1 : 0;
                            case 'i' -> i - 5;
                            case 'u' -> i;
                            default -> (i - 5) / 4f;
                        };
                assertThat(values.get(i)).as(name + " " + i).isEqualTo(expected);
            }
        }
    }

    @Test
    void chunksAreReadWhateverWasDoneToThem() throws IOException {
        Hdf5Group chunked = open("variety.h5").root().group("chunked").orElseThrow();

        assertThat(chunked.names())
                .containsExactlyInAnyOrder("plain", "gzip", "shuffled", "checked", "everything", "growing");
        for (String name : chunked.names()) {
            FloatTensor values = chunked.dataset(name).orElseThrow().floats();
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i)).as(name + " " + i).isEqualTo((i - 5) / 4f);
            }
        }
    }

    @Test
    void scalarsEmptyArraysAndLargeGroupsAreRead() throws IOException {
        Hdf5Group root = open("variety.h5").root();

        assertThat(root.dataset("scalar").orElseThrow().floats().get(0)).isEqualTo(1.5f);
        assertThat(root.dataset("empty").orElseThrow().floats().size()).isZero();
        assertThat(root.group("many").orElseThrow().names()).hasSize(300);
        assertThat(root.dataset("many/299").orElseThrow().floats().get(0)).isEqualTo(299);
        assertThat(root.dataset("/group//with/levels/").orElseThrow().floats().get(0))
                .isEqualTo(7);
        assertThat(root.node("group/without/levels")).isEmpty();
        assertThat(root.node("scalar/below")).isEmpty();
    }

    @Test
    void attributesAreReadFixedAndVariable() throws IOException {
        Hdf5Group root = open("variety.h5").root();

        assertThat(root.text("text")).contains("wörld");
        assertThat(root.text("fixed")).contains("fixed");
        assertThat(root.texts("texts")).contains(List.of("a", "", "ccc"));
        assertThat(root.texts("fixed_texts")).contains(List.of("abc", "d"));
        assertThat(root.texts("none")).contains(List.of());
        assertThat(root.texts("absent")).isEmpty();
        assertThatThrownBy(() -> root.texts("number")).hasMessageContaining("expected text, found int64");
    }

    @Test
    void theFormatOfNewerVersionsIsReadToo() throws IOException {
        Hdf5Group root = open("latest.h5").root();

        assertThat(root.text("text")).contains("wörld");
        assertThat(root.dataset("a/b/c").orElseThrow().floats().get(23)).isEqualTo(4.5f);
    }

    @Test
    void damagedFilesEndInATypedError() throws IOException {
        for (String name : new String[] {"variety.h5", "latest.h5"}) {
            byte[] whole = resource(name);
            Random random = new Random(20261123);
            for (int i = 0; i < 1500; i++) {
                byte[] damaged = whole.clone();
                for (int j = 0; j < 1 + i % 40; j++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                readAll(name, damaged);
            }
            for (int length = 0; length < whole.length; length += 97) {
                byte[] cut = java.util.Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> Hdf5File.open(name, cut, 0, cut.length).datasets())
                        .isInstanceOf(RekurException.class);
            }
        }
    }

    private static void readAll(String name, byte[] bytes) {
        try {
            Hdf5File file = Hdf5File.open(name, bytes, 0, bytes.length);
            for (Hdf5Dataset dataset : file.datasets()) {
                dataset.attributeNames();
                if (dataset.isNumeric()) {
                    dataset.floats();
                }
            }
        } catch (RekurException expected) {
            assertThat(expected).hasMessageContaining(name);
        }
    }

    private static Hdf5File open(String name) throws IOException {
        byte[] bytes = resource(name);
        return Hdf5File.open(name, bytes, 0, bytes.length);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Hdf5FileTest.class.getResourceAsStream("/hdf5/" + name)) {
            return in.readAllBytes();
        }
    }
}
