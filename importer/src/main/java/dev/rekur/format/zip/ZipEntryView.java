package dev.rekur.format.zip;

/**
 * A file of an archive as its central directory describes it.
 *
 * @param name path inside the archive
 * @param method 0 for stored, 8 for deflated
 * @param crc CRC-32 of the content
 * @param compressedSize bytes in the archive
 * @param size bytes of the content, as declared
 * @param dataAt where the bytes begin in the archive
 */
record ZipEntryView(String name, int method, long crc, int compressedSize, int size, int dataAt) {}
