package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.conformance.PresetFile.Attribute;
import dev.rekur.conformance.PresetFile.Kind;
import dev.rekur.conformance.PresetFile.Node;
import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.hdf5.Hdf5Group;
import dev.rekur.format.hdf5.Hdf5Node;
import dev.rekur.format.hdf5.Hdf5Writer;
import dev.rekur.format.hdf5.NewDataset;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rekur's reader of HDF5 against the reference C library: every HDF5 file that Keras wrote for the golden models holds
 * the same groups, datasets, extents, bits and texts for both.
 */
class Hdf5PresetTest {
    /** Where the build brings the library, so that it must run. */
    private static final Set<String> REQUIRED = Set.of("linux-x86_64", "macosx-x86_64", "windows-x86_64");

    /** Attributes that a model is read from; each has to occur. */
    private static final Set<String> NEEDED =
            Set.of("model_config", "training_config", "layer_names", "weight_names", "keras_version", "backend");

    private static String version;
    private static long handlesAtFirst;

    /** What both readers found. */
    private static final class Tally {
        private int groups;
        private int datasets;
        private long values;
        private final Map<String, Integer> types = new TreeMap<>();
        private final Map<Kind, Integer> attributes = new EnumMap<>(Kind.class);
        private final Map<String, Integer> needed = new TreeMap<>();
    }

    @BeforeAll
    static void loadTheLibrary() {
        try {
            version = PresetFile.load();
            handlesAtFirst = PresetFile.openHandles();
        } catch (LinkageError e) {
            String platform = Loader.getPlatform();
            if (REQUIRED.contains(platform)) {
                Assertions.fail("the HDF5 library must load on " + platform, e);
            }
            String line = "Hdf5PresetTest did not run: there is no HDF5 library for " + platform;
            System.out.println(line);
            Assumptions.abort(line);
        }
    }

    @Test
    void bothReadersFindTheSameInEveryGoldenFile() throws IOException {
        Map<String, byte[]> files = files();
        Tally tally = new Tally();
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            differences.addAll(differences(file.getKey(), file.getValue(), file.getValue(), tally));
            compared++;
        }
        System.out.printf(
                "%d HDF5 files read as HDF5 %s reads them: %d groups, %d datasets %s with %d values, attributes %s,"
                        + " among them %s%n",
                compared,
                version,
                tally.groups,
                tally.datasets,
                tally.types,
                tally.values,
                tally.attributes,
                tally.needed);
        assertThat(differences).isEmpty();
        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(promised());
        assertThat(compared).isEqualTo(promised().size()).isGreaterThan(600);
        assertThat(tally.needed).containsOnlyKeys(NEEDED);
        assertThat(tally.attributes).containsKey(Kind.VARIABLE_TEXT);
        assertThat(PresetFile.openHandles()).isEqualTo(handlesAtFirst);
    }

    @Test
    void theLibraryReadsWhatRekurWrites(@TempDir Path folder) throws IOException {
        Tally tally = new Tally();
        List<String> differences = new ArrayList<>();
        for (GoldenCase golden : GoldenCase.all()) {
            Path source = golden.folder().resolve("model.keras");
            if (GoldenCase.refused().containsKey(golden.name()) || !Files.exists(source)) {
                continue;
            }
            Model model = Rekur.load(source);
            for (String name : List.of("rekur.h5", "rekur.weights.h5")) {
                Path file = folder.resolve(name);
                model.save(file);
                byte[] written = Files.readAllBytes(file);
                differences.addAll(differences(golden.name() + "/" + name, written, written, tally));
            }
        }
        byte[] large = largeGroup();
        differences.addAll(differences("large group", large, large, tally));
        System.out.printf(
                "HDF5 %s reads %d groups and %d datasets %s that Rekur wrote, attributes %s%n",
                version, tally.groups, tally.datasets, tally.types, tally.attributes);
        assertThat(differences).isEmpty();
        assertThat(tally.datasets).isGreaterThan(12_000);
        assertThat(tally.needed).containsOnlyKeys(NEEDED);
        assertThat(PresetFile.openHandles()).isEqualTo(handlesAtFirst);
    }

    /** More children than a tree of two levels holds. */
    private static byte[] largeGroup() throws IOException {
        NewGroup root = new NewGroup();
        for (int i = 0; i < 9000; i++) {
            root.dataset("many/" + i, NewDataset.int32(new long[0], i));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Hdf5Writer(root.fixedTexts("names", List.of("a", "bc"))).write(out);
        return out.toByteArray();
    }

    /** Keras 3 and tf_keras write texts of variable length only; models from before them hold the other kind too. */
    @ParameterizedTest
    @ValueSource(ints = {hdf5.H5T_STR_NULLTERM, hdf5.H5T_STR_NULLPAD})
    void bothReadersFindTheSameInTextsOfFixedLength(int padding) {
        List<String> texts = List.of("lstm_1", "", "größe", "a name", "ein_wort");
        byte[] file = PresetFile.withFixedTexts("layer_names", 9, padding, texts);
        Tally tally = new Tally();
        assertThat(differences("fixed", file, file, tally)).isEmpty();
        assertThat(tally.attributes).isEqualTo(Map.of(Kind.FIXED_TEXT, 1));
        assertThat(PresetFile.read(file)
                        .nodes()
                        .get("")
                        .attributes()
                        .get("layer_names")
                        .texts())
                .isEqualTo(texts);
        assertThat(PresetFile.openHandles()).isEqualTo(handlesAtFirst);
    }

    @Test
    void aSingleChangedBitOfAnArrayIsNoticed() throws IOException {
        byte[] original = files().get("lstm_imdb/model.weights.h5");
        byte[] changed = original.clone();
        byte[] first = new byte[8];
        Hdf5Dataset dataset = Hdf5File.open("original", original, 0, original.length)
                .datasets()
                .get(0);
        float[] values = dataset.floats().toArray();
        ByteBuffer.wrap(first)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(values[0])
                .putFloat(values[1]);
        changed[indexOf(original, first)] ^= 1;
        assertThat(differences("changed", original, changed, new Tally()))
                .singleElement()
                .asString()
                .contains(dataset.path())
                .contains("element 0");
    }

    /** What Rekur reads otherwise from {@code own} than the library from {@code reference}. */
    private static List<String> differences(String file, byte[] reference, byte[] own, Tally tally) {
        List<String> found = new ArrayList<>();
        try {
            Map<String, Node> expected = PresetFile.read(reference).nodes();
            Hdf5File opened = Hdf5File.open(file, own, 0, own.length);
            Map<String, Hdf5Node> nodes = new TreeMap<>();
            collect(opened.root(), nodes);
            List<String> paths =
                    opened.datasets().stream().map(Hdf5Node::path).sorted().toList();
            List<String> expectedPaths = expected.entrySet().stream()
                    .filter(node -> node.getValue().isDataset())
                    .map(Map.Entry::getKey)
                    .toList();
            if (!paths.equals(expectedPaths)) {
                found.add("datasets " + paths + ", expected " + expectedPaths);
            }
            if (!nodes.keySet().equals(expected.keySet())) {
                found.add("paths " + nodes.keySet() + ", expected " + expected.keySet());
            }
            for (Map.Entry<String, Node> node : expected.entrySet()) {
                Hdf5Node got = nodes.get(node.getKey());
                if (got != null) {
                    compare(got, node.getValue(), tally, found);
                }
            }
        } catch (RuntimeException e) {
            found.add("not read: " + e);
        }
        return found.stream().map(difference -> file + ": " + difference).toList();
    }

    private static void collect(Hdf5Group group, Map<String, Hdf5Node> nodes) {
        nodes.put(group.path(), group);
        for (String name : group.names()) {
            Hdf5Node child = group.node(name).orElseThrow();
            if (child instanceof Hdf5Group childGroup) {
                collect(childGroup, nodes);
            } else {
                nodes.put(child.path(), child);
            }
        }
    }

    private static void compare(Hdf5Node got, Node expected, Tally tally, List<String> found) {
        compareAttributes(got, expected.attributes(), tally, found);
        if (got instanceof Hdf5Dataset != expected.isDataset()) {
            found.add("'" + got.path() + "' is " + (expected.isDataset() ? "a dataset" : "a group"));
        } else if (got instanceof Hdf5Dataset dataset) {
            compareArrays(dataset, expected, tally, found);
        } else {
            tally.groups++;
        }
    }

    private static void compareArrays(Hdf5Dataset got, Node expected, Tally tally, List<String> found) {
        String where = "'" + got.path() + "': ";
        tally.datasets++;
        tally.types.merge(expected.type().isEmpty() ? "no numbers" : expected.type(), 1, Integer::sum);
        if (!Arrays.equals(got.dimensions(), expected.dimensions())) {
            found.add(where + "shape " + got.shapeText() + ", expected " + Arrays.toString(expected.dimensions()));
            return;
        }
        if (!got.isNumeric() || expected.values() == null) {
            if (got.isNumeric() || expected.values() != null) {
                found.add(where + "type " + got.elementType() + ", expected '" + expected.type() + "'");
            }
            return;
        }
        if (!got.elementType().equals(expected.type())) {
            found.add(where + "type " + got.elementType() + ", expected " + expected.type());
        }
        float[] values = got.floats().toArray();
        if (values.length != expected.values().length) {
            found.add(where + values.length + " values, expected " + expected.values().length);
            return;
        }
        tally.values += values.length;
        for (int i = 0; i < values.length; i++) {
            if (Float.floatToRawIntBits(values[i]) != Float.floatToRawIntBits(expected.values()[i])) {
                found.add(where + "element " + i + " is " + values[i] + ", expected " + expected.values()[i]);
                return;
            }
        }
    }

    private static void compareAttributes(
            Hdf5Node got, Map<String, Attribute> expected, Tally tally, List<String> found) {
        Set<String> names = new TreeSet<>(got.attributeNames());
        if (!names.equals(expected.keySet())) {
            found.add("'" + got.path() + "': attributes " + names + ", expected " + expected.keySet());
        }
        names.retainAll(expected.keySet());
        for (String name : names) {
            Attribute attribute = expected.get(name);
            String where = "'" + got.path() + "', attribute '" + name + "': ";
            tally.attributes.merge(attribute.kind(), 1, Integer::sum);
            if (NEEDED.contains(name)) {
                tally.needed.merge(name, 1, Integer::sum);
            }
            if (attribute.kind() == Kind.OTHER) {
                try {
                    found.add(where + "texts " + got.texts(name).orElseThrow() + ", expected no text");
                } catch (ModelFormatException e) {
                    assertThat(e).hasMessageContaining("expected text");
                }
            } else {
                List<String> texts = got.texts(name).orElseThrow();
                if (!texts.equals(attribute.texts())) {
                    found.add(where + texts + ", expected " + attribute.texts());
                }
            }
        }
    }

    /** The HDF5 files that lie in the folders of the golden models and of the example, by case and name. */
    private static Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Path root = GoldenCase.root();
        Path refused = root.resolve("refused");
        for (Path folder : List.of(root, root.resolveSibling("example"))) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.filter(path -> !path.startsWith(refused))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList()) {
                    String name = path.getParent().getFileName() + "/" + path.getFileName();
                    if (name.endsWith(".h5")) {
                        put(files, name, Files.readAllBytes(path));
                    } else if (name.endsWith(".keras")) {
                        try (ZipFile archive = new ZipFile(path.toFile())) {
                            for (ZipEntry entry : archive.stream()
                                    .filter(entry -> entry.getName().endsWith(".h5"))
                                    .toList()) {
                                try (InputStream content = archive.getInputStream(entry)) {
                                    put(files, name + "!" + entry.getName(), content.readAllBytes());
                                }
                            }
                        }
                    }
                }
            }
        }
        return files;
    }

    private static void put(Map<String, byte[]> files, String name, byte[] bytes) {
        assertThat(files.put(name, bytes)).as(name + " twice").isNull();
    }

    /** The HDF5 files that the descriptions of the golden models speak of, and those of the example. */
    private static Set<String> promised() {
        Set<String> names = new HashSet<>();
        for (String example : List.of("debian-sections", "debian-sections-tokens", "lesson-deep")) {
            names.add("example/" + example + ".keras!model.weights.h5");
        }
        for (GoldenCase golden : GoldenCase.all()) {
            for (GoldenCase.ModelFile file : golden.files()) {
                if (file.file().endsWith(".keras")) {
                    names.add(file + "!model.weights.h5");
                } else if (file.file().endsWith(".h5")) {
                    names.add(file.toString());
                }
                if (file.weights() != null) {
                    names.add(golden.name() + "/" + file.weights());
                }
            }
        }
        return names;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not found");
    }
}
