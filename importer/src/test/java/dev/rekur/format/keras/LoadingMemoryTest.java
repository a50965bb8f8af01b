package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.rekur.Rekur;
import dev.rekur.model.Model;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Weights are read straight into the arrays they stay in: the file and the model, and nothing of their size between. */
class LoadingMemoryTest {
    @Test
    void loadingAllocatesLessThanThreeTimesTheWeights() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String file : new String[] {"lesson_1_stacked/model.keras", "lesson_1_stacked/model.h5"}) {
            Path path = GoldenFiles.root().resolve(file);
            Rekur.load(path); // classes are loaded
            long before = threads.getCurrentThreadAllocatedBytes();
            Model model = Rekur.load(path);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            long weights = 4
                    * model.graph().layers().stream()
                            .flatMap(layer -> layer.weights().stream())
                            .mapToLong(weight -> weight.shape().size())
                            .sum();
            assertThat(weights).isGreaterThan(5_000_000);
            assertThat(allocated).as(file).isLessThan(3 * weights);
        }
    }
}
