package dev.rekur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link MutationRun}. */
class MutationRunTest {
    private static final int LOADS = 6_000;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void changedFilesEndInAModelOrInATypedExceptionInTime(@TempDir Path folder) throws IOException {
        MutationRun run = new MutationRun(2, folder);
        for (int number = 0; number < LOADS; number++) {
            run.load(number);
        }
        assertThat(run.failures()).as(run.report()).isEmpty();
    }
}
