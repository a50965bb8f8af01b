package dev.rekur.training.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static History history() {
        History history = new History();
        Logs logs = new Logs().put("loss", 0.1f).put("val_loss", Double.NaN);
        history.add(3, logs);
        logs.put("loss", Double.POSITIVE_INFINITY);
        history.add(4, logs);
        history.add(5, new Logs().put("loss", 1e-7).put("learning \"rate\"é", Double.NEGATIVE_INFINITY));
        return history;
    }

    @Test
    void valuesAreThereByNameInTheOrderOfTheirAppearance() {
        History history = history();
        assertThat(history.epochs()).containsExactly(3, 4, 5);
        assertThat(history.names()).containsExactly("loss", "val_loss", "learning \"rate\"é");
        assertThat(history.values("loss")).containsExactly((double) 0.1f, Double.POSITIVE_INFINITY, 1e-7);
        assertThat(history.values("val_loss")).hasSize(2);
        assertThat(history.values("none")).isEmpty();
        assertThat(history.logs(2).value("loss")).isEqualTo(1e-7);
    }

    @Test
    void jsonIsWrittenAsPythonWritesIt() {
        assertThat(history())
                .hasToString("{\"epoch\": [3, 4, 5], \"loss\": [0.10000000149011612, Infinity, 1e-07],"
                        + " \"val_loss\": [NaN, NaN], \"learning \\\"rate\\\"\\u00e9\": [-Infinity]}");
        assertThat(new History()).hasToString("{\"epoch\": []}");
    }

    @Test
    void csvHasALineForEachEpoch() {
        History history = new History();
        history.add(0, new Logs().put("loss", 0.5));
        history.add(1, new Logs().put("loss", 0.25).put("val_loss", Double.NaN));
        assertThat(history.toCsv()).isEqualTo("epoch,loss,val_loss\n0,0.5,NA\n1,0.25,nan\n");
        assertThat(new History().toCsv()).isEqualTo("epoch\n");
    }

    @Test
    void aHistoryGoesOnFromItsState() {
        History history = new History();
        history.restoreState(history().state());
        assertThat(history.toJson()).isEqualTo(history().toJson());
        for (Map<String, Object> broken : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("epoch", List.of(1), "logs", List.of()),
                Map.of("epoch", List.of("x"), "logs", List.of(1)))) {
            assertThatThrownBy(() -> history.restoreState(broken)).isInstanceOf(InvalidInputException.class);
        }
    }
}
