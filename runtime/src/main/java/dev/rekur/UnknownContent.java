package dev.rekur;

import dev.rekur.format.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Says what a file or folder holds that no format recognises. */
final class UnknownContent {
    private static final int LOOKED_AT = 64;
    private static final List<String> EXTENSIONS = List.of(".keras", ".h5", ".hdf5", ".json");

    private UnknownContent() {}

    /** What was found, as the beginning of a message. */
    static String of(ModelSource source) {
        try {
            Path path = source.path().orElse(null);
            if (path != null && Files.isDirectory(path)) {
                return ofFolder(path);
            }
            byte[] begin = path == null ? source.content().orElse(new byte[0]) : begin(path);
            return ofFile(begin);
        } catch (IOException unreadable) {
            return "not a model that Rekur knows";
        }
    }

    private static byte[] begin(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(LOOKED_AT);
        }
    }

    private static String ofFile(byte[] begin) {
        String text = new String(begin, 0, Math.min(begin.length, LOOKED_AT), StandardCharsets.ISO_8859_1)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (begin.length == 0) {
            return "the file is empty";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return "a page of HTML, as a failed download leaves it, no model";
        }
        return text.startsWith("version https://git-lfs")
                ? "a pointer of Git LFS in place of the file; fetch it with 'git lfs pull'"
                : "not a model that Rekur knows";
    }

    private static String ofFolder(Path folder) throws IOException {
        List<String> models;
        try (Stream<Path> files = Files.list(folder)) {
            models = files.map(file -> file.getFileName().toString())
                    .filter(name -> EXTENSIONS.stream().anyMatch(name::endsWith))
                    .sorted()
                    .limit(5)
                    .toList();
        }
        return "a folder without 'config.json'"
                + (models.isEmpty() ? "" : "; name one of the files in it, such as " + String.join(", ", models));
    }
}
