package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.format.json.JsonWriter;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the {@code .keras} archive as {@code keras/src/saving/saving_lib.py} of Keras 3.15 does: entries are stored, and
 * have no time of their own, so that equal models make equal files but for {@code date_saved}.
 */
public final class KerasArchiveWriter implements ModelWriter {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd'@'HH:mm:ss");

    /** The first time that a zip knows, and that Java does not take for an earlier one. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

    @Override
    public String name() {
        return "Keras archive (.keras)";
    }

    @Override
    public String extension() {
        return ".keras";
    }

    @Override
    public Content prepare(Model given, SaveOptions options) {
        if (options.kerasMajor() != 3) {
            throw new UnsupportedModelException(
                    "model",
                    List.of(new Problem(
                            "format .keras",
                            "is written for Keras 3 only",
                            "For Keras 2 write .h5.",
                            "docs/TROUBLESHOOTING.md#output-format")));
        }
        Model model = HardSigmoids.scaled(TargetModel.configured(given), 3);
        Optional<CompileConfiguration> compiled = Keras3Training.of(model);
        Map<String, Object> root = new LinkedHashMap<>(Keras3Configuration.of(model, LearnedText.outgrowsLines(model)));
        root.put("compile_config", compiled.map(CompileConfiguration::config).orElse(Map.of()));
        TargetModel target = new TargetModel(model, root);
        NewGroup variables = ArchiveVariablesWriter.weights(target);
        compiled.ifPresent(compile -> ArchiveVariablesWriter.optimizer(variables, compile));
        Hdf5Writer weights = new Hdf5Writer(variables);
        return out -> write(target, weights, out);
    }

    private static void write(TargetModel target, Hdf5Writer weights, OutputStream out) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("keras_version", TargetModel.KERAS_3);
        metadata.put("date_saved", LocalDateTime.now().format(DATE));
        BufferedOutputStream buffered = new BufferedOutputStream(out);
        ZipOutputStream zip = new ZipOutputStream(buffered);
        entry(zip, "metadata.json", text(JsonWriter.write(metadata)));
        entry(zip, "config.json", text(JsonWriter.write(target.root())));
        entry(zip, "model.weights.h5", weights::write);
        for (Map.Entry<String, String> asset : LearnedText.assets(target).entrySet()) {
            entry(zip, asset.getKey(), text(asset.getValue()));
        }
        zip.finish();
        buffered.flush();
    }

    private static Content text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return out -> out.write(bytes);
    }

    /** Stored entries have their checksum in front, so the content is made twice rather than kept. */
    private static void entry(ZipOutputStream zip, String name, Content content) throws IOException {
        CRC32 checksum = new CRC32();
        long[] size = new long[1];
        content.writeTo(new CheckedOutputStream(counting(size), checksum));
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size[0]);
        entry.setCompressedSize(size[0]);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }

    private static OutputStream counting(long[] count) {
        return new OutputStream() {
            @Override
            public void write(int value) {
                count[0]++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                count[0] += length;
            }
        };
    }
}
