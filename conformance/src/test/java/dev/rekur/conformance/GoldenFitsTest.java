package dev.rekur.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls of {@code fit} go as in Keras: histories, learning rates, stops, what is saved when, what is printed,
 * and weights and optimizer at the end. */
class GoldenFitsTest {
    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> fitsAsKerasDoes() {
        return GoldenTraining.all().stream()
                .filter(GoldenTraining::isFit)
                .map(golden -> dynamicTest(golden.toString(), () -> new GoldenFit(golden, folder).check()));
    }
}
