package dev.rekur.format.zip;

/**
 * A file of an archive as its central directory describes it.
 *
 * @param name path inside the archive
 * @param method 0 for stored, 8 for deflated; others are known only to be named
 * @param encrypted true if a password would be needed
 * @param crc CRC-32 of the content
 * @param compressedSize bytes in the archive
 * @param size bytes of the content, as declared
 * @param dataAt where the bytes begin in the archive
 */
record ZipEntryView(String name, int method, boolean encrypted, long crc, int compressedSize, int size, int dataAt) {}
