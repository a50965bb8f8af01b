package dev.rekur.training.callback;

import static dev.rekur.training.KerasVectors.list;
import static dev.rekur.training.KerasVectors.python;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.training.KerasVectors;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PythonFloatTest {
    private static final Map<String, Object> VECTORS = KerasVectors.read("numbers.json");

    @Test
    void numbersAreWrittenAsPythonWritesThem() {
        for (Object element : list(VECTORS.get("numbers"))) {
            List<@Nullable Object> row = list(element);
            double value = python(row.get(0));
            assertThat(List.of(
                            PythonFloat.repr(value),
                            PythonFloat.fixed(value, 0),
                            PythonFloat.fixed(value, 4),
                            PythonFloat.scientific(value, 4),
                            PythonFloat.general(value, 3, false),
                            PythonFloat.general(value, 6, true)))
                    .isEqualTo(row);
        }
    }

    @Test
    void formatsAreThoseOfPython() {
        for (Object element : list(VECTORS.get("formats"))) {
            List<@Nullable Object> row = list(element);
            String format = String.valueOf(row.get(0));
            String description = "format(" + row.get(1) + ", '" + format + "')";
            if (row.get(2) == null) {
                assertThatThrownBy(() -> formatted(format, row.get(1)))
                        .as(description)
                        .isInstanceOf(IllegalArgumentException.class);
            } else {
                assertThat(formatted(format, row.get(1))).as(description).isEqualTo(row.get(2));
            }
        }
    }

    private static String formatted(String format, @Nullable Object value) {
        FormatSpec spec = FormatSpec.parse(format);
        return value instanceof Integer whole ? spec.format(whole.longValue()) : spec.format(python(value));
    }

    @Test
    void reprReadsBackExactly() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            String text = PythonFloat.repr(value);
            assertThat(Double.doubleToLongBits(python(text))).as(text).isEqualTo(Double.doubleToLongBits(value));
        }
    }
}
