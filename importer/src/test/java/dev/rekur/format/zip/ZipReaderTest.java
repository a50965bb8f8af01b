package dev.rekur.format.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ZipReaderTest {
    private static final byte[] HELLO = "hello, hello, hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void storedEntriesAreNotCopied() throws IOException {
        byte[] archive = archive("a/b.txt", HELLO, true);
        ZipReader.Content content = open(archive).read("a/b.txt");

        assertThat(content.array()).isSameAs(archive);
        assertThat(content.toArray()).isEqualTo(HELLO);
    }

    @Test
    void deflatedEntriesAreInflated() throws IOException {
        assertThat(open(archive("a.txt", HELLO, false)).read("a.txt").toArray()).isEqualTo(HELLO);
        assertThat(open(archive("empty", new byte[0], false)).read("empty").length())
                .isZero();
    }

    @Test
    void aFlippedBitIsFoundByTheChecksum() throws IOException {
        byte[] archive = archive("a.txt", HELLO, true);
        archive[40] ^= 1;
        assertThatThrownBy(() -> open(archive).read("a.txt")).hasMessageContaining("checksum");
    }

    @Test
    void namesThatLeadOutOfTheArchiveAreRefused() {
        for (String name : new String[] {"../a", "a/../../b", "/a", "C:/a", "a\\b", "a//b", "./a", "a/.."}) {
            assertThatThrownBy(() -> open(archive(name, HELLO, true)))
                    .as(name)
                    .hasMessageContaining("leads out of the archive");
        }
    }

    @Test
    void aDecompressionBombIsRefusedBeforeItIsInflated() throws IOException {
        byte[] archive = archive("bomb", new byte[20 << 20], false);
        assertThatThrownBy(() -> open(archive).read("bomb")).hasMessageContaining("decompression bomb");
    }

    @Test
    void anEntryThatInflatesToMoreThanItDeclaresIsRefused() throws IOException {
        byte[] archive = archive("a.txt", HELLO, false);
        int central = new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
        archive[central + 24] = 5; // the declared size
        assertThatThrownBy(() -> open(archive).read("a.txt")).hasMessageContaining("more than the declared 5");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] archive = archive("a.txt", HELLO, true);
        for (int length = 0; length < archive.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(archive, length);
            assertThatThrownBy(() -> open(cut)).as("length " + length).isInstanceOf(IllegalStateException.class);
        }
    }

    private static ZipReader open(byte[] archive) {
        return ZipReader.open(archive, IllegalStateException::new, IllegalArgumentException::new);
    }

    private static byte[] archive(String name, byte[] content, boolean stored) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(name);
            if (stored) {
                CRC32 checksum = new CRC32();
                checksum.update(content);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
            }
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }
}
