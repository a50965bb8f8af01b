package dev.rekur.training.callback;

import static dev.rekur.training.KerasVectors.list;
import static dev.rekur.training.KerasVectors.number;
import static dev.rekur.training.KerasVectors.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.KerasVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The progress line is Keras's, character for character. */
class ProgressTest {
    private static final List<Map<String, Object>> CASES =
            list(KerasVectors.read("progress.json").get("cases")).stream()
                    .map(KerasVectors::object)
                    .toList();

    @Test
    void theTerminalShowsWhatKerasShows() {
        assertThat(CASES).hasSize(60);
        for (Map<String, Object> vector : CASES) {
            assertThat(printed(vector)).as(vector.toString()).isEqualTo(vector.get("printed"));
        }
    }

    private static List<String> printed(Map<String, Object> vector) {
        List<String> printed = new ArrayList<>();
        int steps = (Integer) vector.get("steps");
        int epochs = (Integer) vector.get("epochs");
        if (epochs > 1) {
            printed.add(ProgressLine.heading((Integer) vector.get("epoch"), epochs) + "\n");
        }
        if (vector.get("verbose").equals(2)) {
            printed.addAll(semiVerbose(vector, steps));
        } else {
            live(vector, steps, true, printed);
        }
        return printed;
    }

    private static List<String> semiVerbose(Map<String, Object> vector, int steps) {
        int step = steps > 0 ? steps : lastStep(vector);
        double elapsed = number(vector.get("end")) - number(vector.get("start"));
        ProgressLine line = ProgressLine.of(step, false);
        return List.of(line.semiVerbose(step, elapsed, elapsed / step, logs(vector.get("final"))) + "\n");
    }

    private static void live(Map<String, Object> vector, int steps, boolean terminal, List<String> printed) {
        ProgressBar bar = new ProgressBar(steps, (Integer) vector.get("width"), terminal, number(vector.get("start")));
        for (Object element : list(vector.get("updates"))) {
            List<@Nullable Object> update = list(element);
            String text = bar.step((Integer) update.get(0), number(update.get(1)), logs(update.get(2)));
            if (!text.isEmpty()) {
                printed.add(text);
            }
        }
        printed.add(bar.finish(lastStep(vector), number(vector.get("end")), logs(vector.get("final"))));
    }

    private static int lastStep(Map<String, Object> vector) {
        List<@Nullable Object> updates = list(vector.get("updates"));
        return (Integer) list(updates.get(updates.size() - 1)).get(0);
    }

    private static Logs logs(@Nullable Object json) {
        Logs logs = new Logs();
        object(json).forEach((name, value) -> logs.put(name, number(value)));
        return logs;
    }

    @Test
    void whereThereIsNoTerminalOnlyTheLastLineIsThereInPlainText() {
        for (Map<String, Object> vector : CASES) {
            if (vector.get("verbose").equals(1)) {
                List<String> printed = new ArrayList<>();
                live(vector, (Integer) vector.get("steps"), false, printed);
                List<@Nullable Object> all = list(vector.get("printed"));
                String last = String.valueOf(all.get(all.size() - 1));
                String plain = last.replaceAll("\u001b\\[\\d+m", "")
                        .replaceAll("[\b\r]", "")
                        .replaceAll(" +\n", "\n");
                assertThat(printed).containsExactly(plain);
            }
        }
    }

    @Test
    void theLineReadsAsInTheDocumentation() {
        Logs logs = new Logs()
                .put("accuracy", 0.5)
                .put("loss", 1.2)
                .put("val_accuracy", 0.61)
                .put("val_loss", 1.1);
        assertThat(ProgressLine.of(10, false).finished(10, 0.12, 0.012, logs))
                .isEqualTo("10/10 ━━━━━━━━━━━━━━━━━━━━ 0s 12ms/step"
                        + " - accuracy: 0.5000 - loss: 1.2000 - val_accuracy: 0.6100 - val_loss: 1.1000");
    }
}
