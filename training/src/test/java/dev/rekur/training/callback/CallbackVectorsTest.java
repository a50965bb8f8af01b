package dev.rekur.training.callback;

import static dev.rekur.training.KerasVectors.list;
import static dev.rekur.training.KerasVectors.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.KerasVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every decision of every callback is that of Keras's, over hundreds of scripted trainings. */
class CallbackVectorsTest {
    private static final Map<String, Object> VECTORS = KerasVectors.read("callbacks.json");

    private static final List<Map<String, Object>> RUNS =
            list(VECTORS.get("runs")).stream().map(KerasVectors::object).toList();

    @TempDir
    Path folder;

    @Test
    void thereAreAsManyVectorsAsThereShouldBe() {
        assertThat(RUNS).hasSize(496);
    }

    @Test
    void callbacksDecideWhatKerasDecides() throws IOException {
        for (Map<String, Object> vector : RUNS) {
            ScriptedTraining training = new ScriptedTraining(vector, folder);
            training.fit(-1);
            compare(vector, training);
        }
    }

    @Test
    void callbacksThatGoOnFromTheirStateDecideTheSame() throws IOException {
        for (Map<String, Object> vector : RUNS) {
            int ran = (Integer) vector.get("ran");
            Optional<String> before = file(vector);
            for (int epoch = 0; epoch < ran - 1; epoch += 2) {
                putBack(vector, before);
                ScriptedTraining training = new ScriptedTraining(vector, folder);
                training.fit(epoch);
                compare(vector, training);
            }
        }
    }

    /** What the file holds that the vector's callbacks write. */
    private Optional<String> file(Map<String, Object> vector) throws IOException {
        Path path = path(vector);
        return vector.containsKey("file") && Files.exists(path)
                ? Optional.of(Files.readString(path))
                : Optional.empty();
    }

    private void putBack(Map<String, Object> vector, Optional<String> content) throws IOException {
        if (content.isPresent()) {
            Files.writeString(path(vector), content.get());
        } else if (vector.containsKey("file")) {
            Files.deleteIfExists(path(vector));
        }
    }

    private Path path(Map<String, Object> vector) {
        Object settings = list(list(vector.get("callbacks")).get(0)).get(1);
        return folder.resolve(String.valueOf(object(settings).get("filename")));
    }

    private void compare(Map<String, Object> vector, ScriptedTraining training) throws IOException {
        String description = vector.get("callbacks") + " on " + vector.get("names") + " " + vector.get("epochs");
        assertThat(training.run.events).as(description).isEqualTo(vector.get("events"));
        assertThat(training.rates).as(description).isEqualTo(vector.get("rates"));
        if (vector.containsKey("history")) {
            assertThat(training.history().toJson()).as(description).isEqualTo(vector.get("history"));
        }
        if (vector.containsKey("file")) {
            assertThat(file(vector)).as(description).contains(String.valueOf(vector.get("file")));
        }
    }

    @Test
    void metricsImproveTheWayTheyDoInKeras() {
        object(VECTORS.get("directions")).forEach((metric, direction) -> {
            Optional<MonitorMode> expected = direction == null
                    ? Optional.empty()
                    : Optional.of(direction.equals("up") ? MonitorMode.MAX : MonitorMode.MIN);
            assertThat(MonitorMode.ofMetric(metric)).as(metric).isEqualTo(expected);
            assertThat(MonitorMode.ofMetric(metric + "_12")).as(metric + "_12").isEqualTo(expected);
        });
    }
}
