package dev.rekur.conformance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Changes the bytes of a model file: anywhere, or inside an entry of an archive whose checksum is mended, or its JSON. */
final class FileMutation {
    private static final byte[] CONFIG = "{\"class_name\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONFIG_WITH_MODULE = "{\"module\"".getBytes(StandardCharsets.UTF_8);

    private FileMutation() {}

    /**
     * A changed copy.
     *
     * @param other another file, from which pieces come
     */
    static byte[] mutated(byte[] file, byte[] other, Random random) throws IOException {
        boolean archive = file.length > 2 && file[0] == 'P' && file[1] == 'K';
        int way = random.nextInt(10);
        if (file[0] == '{') {
            return way < 2 ? bytes(file, other, random) : json(file, random);
        }
        if (way < 2) {
            return bytes(file, other, random);
        }
        if (!archive) {
            return way < 6 ? bytes(file, other, random) : hdf5Config(file, other, random);
        }
        Map<String, byte[]> entries = entries(file);
        if (way < 8) {
            entries.computeIfPresent("config.json", (name, content) -> json(content, random));
        } else {
            String name = List.copyOf(entries.keySet()).get(random.nextInt(entries.size()));
            entries.computeIfPresent(name, (same, content) -> bytes(content, other, random));
        }
        return stored(entries);
    }

    private static byte[] json(byte[] text, Random random) {
        return JsonMutation.mutated(new String(text, StandardCharsets.UTF_8), random)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The configuration in an attribute keeps its length: blanks fill up what the change leaves. */
    private static byte[] hdf5Config(byte[] file, byte[] other, Random random) {
        int from = Math.max(find(file, CONFIG), find(file, CONFIG_WITH_MODULE));
        int to = from < 0 ? -1 : end(file, from);
        if (to < 0) {
            return bytes(file, other, random);
        }
        byte[] changed = json(Arrays.copyOfRange(file, from, to), random);
        if (changed.length > to - from) {
            return bytes(file, other, random);
        }
        byte[] copy = file.clone();
        Arrays.fill(copy, from, to, (byte) ' ');
        System.arraycopy(changed, 0, copy, from, changed.length);
        return copy;
    }

    private static int find(byte[] file, byte[] text) {
        for (int at = 0; at <= file.length - text.length; at++) {
            if (Arrays.equals(file, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Behind the brace that closes the object; braces in strings are in none of the golden files. */
    private static int end(byte[] file, int from) {
        int depth = 0;
        for (int at = from; at < file.length; at++) {
            depth += file[at] == '{' ? 1 : file[at] == '}' ? -1 : 0;
            if (depth == 0) {
                return at + 1;
            }
        }
        return -1;
    }

    private static byte[] bytes(byte[] file, byte[] other, Random random) {
        byte[] copy = file.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && copy.length > 0; changes--) {
            int at = random.nextInt(copy.length);
            int length = Math.min(1 << random.nextInt(8), copy.length - at);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> copy[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> copy[at] = (byte) random.nextInt(256);
                case 4 -> copy = Arrays.copyOf(copy, at);
                case 5 -> {
                    int from = random.nextInt(other.length);
                    System.arraycopy(other, from, copy, at, Math.min(length, other.length - from));
                }
                case 6 -> System.arraycopy(copy, random.nextInt(copy.length - length + 1), copy, at, length);
                default -> Arrays.fill(copy, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xFF));
            }
        }
        return copy;
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] stored(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> content : new ArrayList<>(entries.entrySet())) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(content.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.getValue().length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
