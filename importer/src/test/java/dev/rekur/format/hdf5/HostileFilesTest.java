package dev.rekur.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.UnsupportedModelException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Small files that ask for much end in a typed error before much is done. */
class HostileFilesTest {
    private static final byte[] OCHK = "OCHK".getBytes(StandardCharsets.US_ASCII);
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;

    @Test
    void continuationsThatOverlapAreRefusedWhenTheyAreQueued() {
        int cells = 2_600;
        CraftedFile file = new CraftedFile(20);
        int start = file.append(OCHK);
        int end = start + 4 + 24 * cells;
        for (int i = 0; i < cells; i++) {
            int at = file.end() + 20; // the block that begins at the end of this very message, and has all after it
            file.append(CraftedFile.message(
                    0x10,
                    CraftedFile.little(20)
                            .putLong(at)
                            .putLong(end - at)
                            .put(OCHK)
                            .array()));
        }
        byte[] bytes = file.root(CraftedFile.continuation(start, end - start)).bytes();

        assertThat(bytes.length).isLessThan(64 << 10);
        assertThat(allocatedBy(() -> assertThatThrownBy(() -> open(bytes))
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageContaining("object headers that overlap")))
                .isLessThan(8 << 20);
    }

    @Test
    void continuationsAreCountedAndComeOnce() {
        CraftedFile twice = new CraftedFile(40);
        int block = twice.append(CraftedFile.join(OCHK, new byte[4]));
        twice.root(CraftedFile.continuation(block, 8)).root(CraftedFile.continuation(block, 8));
        assertThatThrownBy(() -> open(twice.bytes()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("continues in itself");

        CraftedFile many = new CraftedFile(20 * 10_001);
        for (int i = 0; i < 10_001; i++) {
            many.root(CraftedFile.continuation(CraftedFile.ROOT + 11 + i, 8));
        }
        assertThatThrownBy(() -> open(many.bytes()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("more than 10000 parts");
    }

    @Test
    void aChunkThatManyDatasetsShareIsChargedEachTime() {
        int datasets = 24;
        CraftedFile file = new CraftedFile(20 * datasets);
        int tree = file.deflatedZeros(1 << 20);
        for (int i = 0; i < datasets; i++) {
            file.link("d" + (char) ('a' + i), file.chunked(1, 1 << 18, tree, DEFLATE));
        }
        byte[] bytes = file.bytes();
        Hdf5Group root = open(bytes);

        assertThat(root.dataset("da").orElseThrow().floats().toArray()).containsExactly(0);
        assertThatThrownBy(() -> {
                    for (String name : root.names()) {
                        root.dataset(name).orElseThrow().floats();
                    }
                })
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("decompression bomb");
    }

    @Test
    void aChunkMuchLargerThanItsDatasetIsNotInflated() {
        CraftedFile file = new CraftedFile(20);
        int tree = file.deflatedZeros(4 << 20);
        byte[] bytes = file.link("d", file.chunked(1, 1 << 20, tree, DEFLATE)).bytes();
        Hdf5Dataset dataset = open(bytes).dataset("d").orElseThrow();

        assertThat(allocatedBy(() -> assertThatThrownBy(dataset::floats)
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageContaining("chunks of 4194304 bytes in a dataset of 4")))
                .isLessThan(1 << 20);
    }

    @Test
    void aFilterIsUndoneOnce() {
        CraftedFile file = new CraftedFile(20);
        int tree = file.deflatedZeros(400);
        byte[] bytes = file.link("d", file.chunked(100, 100, tree, SHUFFLE, SHUFFLE, DEFLATE))
                .bytes();
        Hdf5Dataset dataset = open(bytes).dataset("d").orElseThrow();

        assertThatThrownBy(dataset::floats)
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("applied twice");
    }

    @Test
    void aPageOfChunksThatWasNeverWrittenIsRefused() {
        float[] values = {1, 2, 3, 4, 5};
        assertThat(open(paged(0b1110_0000, values))
                        .dataset("d")
                        .orElseThrow()
                        .floats()
                        .toArray())
                .containsExactly(values);
        for (int pages : new int[] {0b0110_0000, 0b1010_0000, 0b1100_0000}) {
            Hdf5Dataset dataset = open(paged(pages, values)).dataset("d").orElseThrow();
            assertThatThrownBy(dataset::floats)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("never written");
        }
    }

    @Test
    void aChunkWhereTheFileItselfBeginsIsRefused() {
        Hdf5Dataset dataset = open(paged(0b1110_0000, 1, 2, 0)).dataset("d").orElseThrow();
        assertThatThrownBy(dataset::floats)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("never written");
    }

    /** A dataset in chunks of one number, found by an array in pages of two; a chunk of zero lies at address 0. */
    private static byte[] paged(int pages, float... values) {
        CraftedFile file = new CraftedFile(20);
        return file.link("d", file.pagedArray(pages, values)).bytes();
    }

    private static Hdf5Group open(byte[] bytes) {
        return Hdf5File.open("hostile.h5", bytes, 0, bytes.length).root();
    }

    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
