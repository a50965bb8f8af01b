package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.rekur.Rekur;
import dev.rekur.conformance.GoldenCase.ModelFile;
import dev.rekur.error.RekurException;
import dev.rekur.format.ModelSource;
import dev.rekur.inference.Predictor;
import dev.rekur.inference.Session;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every golden file in every format computes what Keras computes, on scalar and on vector kernels; and the bits are the
 * same on both, at any batch size and thread count.
 */
class GoldenFilesTest {
    private static final double TOLERANCE = 1e-5;

    /** Models that use what Rekur lacks, with words that their refusal must contain one of. */
    private static final Map<String, List<String>> REFUSED = GoldenCase.refused();

    private static ExecutorService executor;

    @BeforeAll
    static void start() {
        executor = Executors.newFixedThreadPool(2);
    }

    @AfterAll
    static void stop() {
        executor.shutdownNow();
    }

    @Test
    void manifestAndFoldersAgree() {
        List<GoldenCase> cases = GoldenCase.all();
        int files = cases.stream().mapToInt(golden -> golden.files().size()).sum();
        Map<String, Object> manifest = GoldenCase.manifest();
        System.out.printf(
                "%d golden models in %d files on %s; %d models use layers that Rekur lacks and must be refused%n",
                cases.size(), files, KernelSelection.simd().kernels().name(), REFUSED.size());
        assertThat(cases).extracting(GoldenCase::name).containsAll(REFUSED.keySet());
        assertThat((long) cases.size()).isEqualTo(manifest.get("cases"));
        assertThat((long) files).isEqualTo(manifest.get("pairs"));
    }

    @Test
    void vectorKernelsHaveTheWidthAskedFor() {
        int asked = Integer.getInteger("rekur.test.width");
        assertThat(KernelSelection.simd().kernels().name()).isEqualTo("simd-" + Math.min(asked, widestOfTheMachine()));
    }

    private static int widestOfTheMachine() {
        if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
            return 128;
        }
        String level = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("UseAVX")
                .getValue();
        return Integer.parseInt(level) >= 3 ? 512 : 256;
    }

    @TestFactory
    Stream<DynamicTest> agreesWithKeras() {
        return GoldenCase.all().stream()
                .flatMap(golden -> golden.files().stream())
                .map(file -> dynamicTest(file.toString(), () -> check(file)));
    }

    private static void check(ModelFile file) {
        ModelSource source = file.weights() == null
                ? ModelSource.of(file.path())
                : ModelSource.of(file.path(), file.golden().folder().resolve(file.weights()));
        List<String> lacking = REFUSED.get(file.golden().name());
        if (lacking != null) {
            refuses(source, lacking);
            return;
        }
        Model model = Rekur.read(source).modelOrThrow();
        Predictor scalar = Predictor.of(model).kernels(KernelSelection.scalar()).build();
        Predictor simd = Predictor.of(model).kernels(KernelSelection.simd()).build();
        Predictor parallel = Predictor.of(model)
                .kernels(KernelSelection.simd())
                .parallel(executor, 3)
                .build();
        List<List<Tensor>> expected = file.expected().stream()
                .map(name -> List.copyOf(file.golden().arrays(name).values()))
                .toList();
        List<List<Tensor>> inputs = file.golden().inputs();
        Session scalarSession = scalar.session();
        Session simdSession = simd.session();
        Session parallelSession = parallel.session();
        for (int call = 0; call < inputs.size(); call++) {
            List<Tensor> got = scalarSession.predict(inputs.get(call));
            assertClose(got, expected.get(call));
            assertThat(simdSession.predict(inputs.get(call))).isEqualTo(got);
            assertThat(parallelSession.predict(inputs.get(call))).isEqualTo(got);
            if (inputs.size() == 1) {
                assertRowsAlone(simd, inputs.get(call), got);
            }
        }
    }

    private static void refuses(ModelSource source, List<String> words) {
        RekurException refusal = Assertions.assertThrows(
                RekurException.class, () -> Rekur.read(source).modelOrThrow());
        assertThat(words).anySatisfy(word -> assertThat(refusal).hasMessageContaining(word));
    }

    private static void assertClose(List<Tensor> got, List<Tensor> expected) {
        assertThat(got).hasSameSizeAs(expected);
        for (int output = 0; output < got.size(); output++) {
            assertThat(got.get(output).shape())
                    .as("shape of output " + output)
                    .isEqualTo(expected.get(output).shape());
            for (int i = 0; i < got.get(output).size(); i++) {
                double value = number(got.get(output), i);
                double want = number(expected.get(output), i);
                boolean close =
                        Double.compare(value, want) == 0 || Math.abs(value - want) <= TOLERANCE * (1 + Math.abs(want));
                if (!close) {
                    Assertions.fail("output " + output + " at " + i + ": got " + value + ", Keras has " + want);
                }
            }
        }
    }

    private static double number(Tensor tensor, int index) {
        return tensor instanceof FloatTensor floats ? floats.get(index) : ((IntTensor) tensor).get(index);
    }

    /** A batch of one row gives that row's bits, unless texts of a batch are padded to the longest of them. */
    private static void assertRowsAlone(Predictor predictor, List<Tensor> inputs, List<Tensor> together) {
        int rows = inputs.get(0).shape().dimension(0);
        for (int row = 0; row < rows; row++) {
            List<Tensor> alone = new ArrayList<>();
            for (Tensor input : inputs) {
                alone.add(row(input, row));
            }
            List<Tensor> got = predictor.predict(alone);
            for (int output = 0; output < got.size(); output++) {
                Tensor expected = row(together.get(output), row);
                boolean paddedToLongest = inputs.get(0) instanceof TextTensor
                        && !got.get(output).shape().equals(expected.shape());
                if (!paddedToLongest) {
                    assertThat(got.get(output)).as("row " + row + " alone").isEqualTo(expected);
                }
            }
        }
    }

    private static Tensor row(Tensor tensor, int row) {
        int size = tensor.size() / tensor.shape().dimension(0);
        int[] shape = tensor.shape().withBatch(1).dimensions();
        if (tensor instanceof FloatTensor floats) {
            float[] values = new float[size];
            floats.copyTo(row * size, values, 0, size);
            return Tensor.of(values, shape);
        }
        if (tensor instanceof IntTensor ints) {
            int[] values = new int[size];
            ints.copyTo(row * size, values, 0, size);
            return Tensor.of(values, shape);
        }
        String[] values = new String[size];
        ((TextTensor) tensor).copyTo(row * size, values, 0, size);
        return TextTensor.wrap(tensor.shape().withBatch(1), values);
    }
}
