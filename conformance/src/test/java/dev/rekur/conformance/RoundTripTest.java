package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.conformance.GoldenCase.ModelFile;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelSource;
import dev.rekur.graph.GraphLayer;
import dev.rekur.inference.Predictor;
import dev.rekur.inference.Session;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.layer.TextLayer;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every golden model that runs is written in every format that its file's Keras, or the other one, reads, and loaded
 * again: it is the same model, bit for bit. With the system property {@code rekur.roundtrips} the files are kept there,
 * for {@code fixtures/generate/round_trips.py} to load them with real Keras.
 */
class RoundTripTest {
    private static final Set<String> MASK_OPERATIONS = Set.of("NotEqual", "Any", "LogicalOr");

    private static final String KEPT = "rekur.roundtrips";

    @TempDir
    Path temporary;

    private final Map<String, Set<String>> refusals = new TreeMap<>();
    private final Map<String, Integer> written = new TreeMap<>();

    @Test
    void everyModelComesBack() throws IOException {
        for (GoldenCase golden : GoldenCase.all()) {
            if (!GoldenCase.refused().containsKey(golden.name())) {
                for (ModelFile file : golden.files()) {
                    roundTrips(file);
                }
            }
        }
        System.out.println("written and read again: " + written);
        refusals.forEach((what, files) -> System.out.println("refused: " + what + ": " + files));
        assertThat(written.get("keras")).isEqualTo(1149);
        assertThat(written.get("h5")).isGreaterThan(350);
        assertThat(written.get("keras2")).isGreaterThan(320);
    }

    /** What {@code round_trips.py} found when it last was run. */
    @Test
    void realKerasReadsWhatRekurWrites() {
        Map<String, Object> verdicts = GoldenCase.json(GoldenCase.root().resolveSibling("round-trips.json"));
        List<String> forms = new ArrayList<>();
        for (Object keras : verdicts.values()) {
            ((Map<?, ?>) keras).forEach((form, verdict) -> {
                Map<?, ?> counts = (Map<?, ?>) verdict;
                forms.add((String) form);
                assertThat((Map<?, ?>) counts.get("exceptions"))
                        .as((String) form)
                        .isEmpty();
                assertThat(counts.get("loaded")).as((String) form).isEqualTo(counts.get("files"));
                assertThat(counts.get("as_expected")).as((String) form).isEqualTo(counts.get("files"));
                assertThat((long) counts.get("files")).as((String) form).isGreaterThan(150);
            });
        }
        assertThat(forms).containsExactlyInAnyOrder("rekur.keras", "rekur.h5", "rekur.json", "rekur-keras2.h5");
    }

    private void roundTrips(ModelFile file) throws IOException {
        ModelSource source = file.weights() == null
                ? ModelSource.of(file.path())
                : ModelSource.of(file.path(), file.golden().folder().resolve(file.weights()));
        Model model = Rekur.read(source).modelOrThrow();
        Path folder = folder(file);
        boolean oneOfAlike = Set.of("model.keras", "keras2.h5").contains(file.file());
        // the same model from another format need not be run again: rooms, weights and summary are compared
        List<List<Tensor>> expected = oneOfAlike ? predictions(model, file) : List.of();
        roundTrip(file, model, expected, folder.resolve("rekur.keras"), SaveOptions.KERAS_3, "keras");
        if (!oneOfAlike && System.getProperty(KEPT) == null) {
            return;
        }
        roundTrip(file, model, expected, folder.resolve("rekur.h5"), SaveOptions.KERAS_3, "h5");
        roundTrip(file, model, expected, folder.resolve("rekur-keras2.h5"), SaveOptions.KERAS_2, "keras2");
        roundTripInParts(file, model, expected, folder);
    }

    private void roundTrip(
            ModelFile file, Model model, List<List<Tensor>> expected, Path path, SaveOptions options, String format)
            throws IOException {
        Model again;
        try {
            again = System.getProperty(KEPT) == null
                    ? throughMemory(model, path, options)
                    : throughFile(model, path, options);
        } catch (UnsupportedModelException refused) {
            refusals.computeIfAbsent(format + ": " + refused.problems().get(0).finding(), what -> new TreeSet<>())
                    .add(file.toString());
            return;
        }
        assertSame(file, model, again, expected, format);
        written.merge(format, 1, Integer::sum);
    }

    private static Model throughFile(Model model, Path path, SaveOptions options) {
        model.save(path, options);
        return Rekur.load(path);
    }

    /** Bringing thousands of files to the disk would take most of the test's time. */
    private static Model throughMemory(Model model, Path path, SaveOptions options) throws IOException {
        String name = path.getFileName().toString();
        for (ModelWriter writer : ServiceLoader.load(ModelWriter.class)) {
            if (writer.extension().equals(name.substring(name.lastIndexOf('.')))) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                writer.prepare(model, options).writeTo(out);
                return Rekur.load(name, out.toByteArray());
            }
        }
        throw new IllegalStateException("no writer for " + name);
    }

    private void roundTripInParts(ModelFile file, Model model, List<List<Tensor>> expected, Path folder)
            throws IOException {
        Path configuration = folder.resolve("rekur.json");
        Path weights = folder.resolve("rekur.weights.h5");
        try {
            model.save(configuration, SaveOptions.KERAS_3);
        } catch (UnsupportedModelException refused) {
            return; // for the reason that the archive was
        }
        model.save(weights, SaveOptions.KERAS_3);
        assertSame(file, model, Rekur.load(configuration, weights), expected, "json");
        discard(configuration);
        discard(weights);
    }

    private static void assertSame(
            ModelFile file, Model model, Model again, List<List<Tensor>> expected, String format) {
        String what = file + " as " + format;
        boolean translated = !kerasMajor(again).equals(kerasMajor(model));
        boolean scaled = translated && isHardSigmoidUsed(model);
        assertThat(layers(again, translated)).as(what).isEqualTo(layers(model, translated));
        for (GraphLayer layer : again.graph().flat().layers()) {
            if (scaled) {
                assertScaled(what + ", " + layer, again.weights().of(layer), weights(model, layer.name()));
            } else {
                assertThat(again.weights().of(layer)).as(what + ", " + layer).isEqualTo(weights(model, layer.name()));
            }
        }
        boolean sameRows = !format.equals("keras2")
                || model.graph().flat().layers().stream().noneMatch(RoundTripTest::isMaskOperation);
        if (sameRows) {
            assertThat(again.summary().expandNested().toString())
                    .as(what)
                    .isEqualTo(model.summary().expandNested().toString());
        }
        if (!expected.isEmpty() && scaled) {
            assertClose(what, predictions(again, file), expected);
        } else if (!expected.isEmpty()) {
            assertThat(predictions(again, file)).as(what).isEqualTo(expected);
        }
        if (format.equals("keras") && !file.format().startsWith("keras2")) {
            assertThat(optimizer(again)).as(what).isEqualTo(optimizer(model));
        }
    }

    /** Whether weights may be scaled, so that {@code hard_sigmoid} of the other Keras gives the same. */
    private static boolean isHardSigmoidUsed(Model model) {
        return model.graph().flat().layers().stream()
                .anyMatch(layer -> layer.layer().toString().contains("HARD_SIGMOID"));
    }

    private static void assertScaled(String what, List<? extends Tensor> found, List<? extends Tensor> expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            float[] values = ((FloatTensor) found.get(i)).toArray();
            float[] original = ((FloatTensor) expected.get(i)).toArray();
            assertThat(values).as(what).hasSameSizeAs(original);
            for (int j = 0; j < values.length; j++) {
                assertThat(values[j]).as(what).isIn(original[j], (float) (original[j] * 1.2), (float)
                        (original[j] * (1 / 1.2)));
            }
        }
    }

    private static void assertClose(String what, List<List<Tensor>> found, List<List<Tensor>> expected) {
        for (int call = 0; call < expected.size(); call++) {
            for (int output = 0; output < expected.get(call).size(); output++) {
                float[] got = ((FloatTensor) found.get(call).get(output)).toArray();
                float[] want = ((FloatTensor) expected.get(call).get(output)).toArray();
                for (int i = 0; i < want.length; i++) {
                    assertThat(Math.abs(got[i] - want[i]))
                            .as(what)
                            .isLessThanOrEqualTo(1e-5f * (1 + Math.abs(want[i])));
                }
            }
        }
    }

    /** Rooms by name; of a translated model without what the versions of Keras do differently about masks. */
    private static Map<String, Object> layers(Model model, boolean translated) {
        Map<String, Object> layers = new TreeMap<>();
        for (GraphLayer layer : model.graph().flat().layers()) {
            boolean text = layer.layer() instanceof TextLayer;
            if (!translated || text) {
                layers.put(layer.name(), layer.layer().unnamed());
            } else if (!isMaskOperation(layer)) {
                layers.put(
                        layer.name(),
                        layer.layer()
                                .unnamed()
                                .toString()
                                .replace("HARD_SIGMOID_KERAS2", "HARD_SIGMOID")
                                .replaceAll("masksGivenStates=\\w+|masks=A\\w+|stepwise=\\w+", ""));
            }
        }
        return layers;
    }

    private static Integer kerasMajor(Model model) {
        return model.configuration().orElseThrow().kerasMajor();
    }

    private static boolean isMaskOperation(GraphLayer layer) {
        return MASK_OPERATIONS.contains(layer.layer().className());
    }

    private static List<? extends Tensor> weights(Model model, String layerName) {
        return model.graph().flat().layers().stream()
                .filter(layer -> layer.name().equals(layerName))
                .map(layer -> model.weights().of(layer))
                .findFirst()
                .orElseThrow();
    }

    private static List<Tensor> optimizer(Model model) {
        List<Tensor> values = new ArrayList<>();
        model.compileConfiguration().ifPresent(compile -> compile.optimizerVariables().stream()
                .map(OptimizerVariable::value)
                .forEach(values::add));
        return values;
    }

    private static List<List<Tensor>> predictions(Model model, ModelFile file) {
        List<List<Tensor>> outputs = new ArrayList<>();
        Session session =
                Predictor.of(model).kernels(KernelSelection.scalar()).build().session();
        for (List<Tensor> inputs : file.golden().inputs()) {
            outputs.add(session.predict(inputs));
        }
        return outputs;
    }

    private Path folder(ModelFile file) throws IOException {
        String kept = System.getProperty(KEPT);
        return kept == null
                ? temporary
                : Files.createDirectories(
                        Path.of(kept).resolve(file.golden().name()).resolve(file.file()));
    }

    private static void discard(Path file) throws IOException {
        if (System.getProperty(KEPT) == null) {
            Files.delete(file);
        }
    }
}
