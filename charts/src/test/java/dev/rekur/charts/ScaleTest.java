package dev.rekur.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void ticksAreRoundNumbersAndLabelsHaveAsManyDigitsAsTheyNeed() {
        assertThat(labels(Scale.linear(0.12, 1.62))).containsExactly("0.5", "1.0", "1.5");
        assertThat(labels(Scale.linear(-0.03, 0.62))).containsExactly("0", "0.2", "0.4", "0.6");
        assertThat(labels(Scale.linear(0.981, 0.987))).containsExactly("0.982", "0.984", "0.986");
        assertThat(labels(Scale.linear(0, 4e9))).containsExactly("0", "1e9", "2e9", "3e9", "4e9");
        assertThat(labels(Scale.linear(0.5, 0.5))).containsExactly("0.5");
    }

    @Test
    void epochsAreWholeAndTheFirstIsNamed() {
        assertThat(labels(Scale.whole(1, 1))).containsExactly("1");
        assertThat(labels(Scale.whole(1, 3))).containsExactly("1", "2", "3");
        assertThat(labels(Scale.whole(1, 30))).containsExactly("1", "10", "20", "30");
        assertThat(labels(Scale.whole(1, 1000))).containsExactly("1", "200", "400", "600", "800", "1000");
    }

    @Test
    void powersOfTenAreTicksOfALogarithmicScale() {
        assertThat(labels(Scale.logarithmic(1e-6, 1e-1)))
                .containsExactly("1e\u22126", "1e\u22125", "1e\u22124", "0.001", "0.01", "0.1");
        assertThat(labels(Scale.logarithmic(1e-4, 1e-3)))
                .containsExactly("1e\u22124", "2e\u22124", "5e\u22124", "0.001");
        Scale scale = Scale.logarithmic(1e-4, 1e-2);
        assertThat(scale.place(1e-3)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void anyRangeHasAFewTicksWithLabelsOfTheirOwn() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30);
            double high = low + Math.abs(low) * Math.pow(10, -random.nextInt(6)) * (0.1 + random.nextDouble());
            assertReadable(Scale.linear(low, high));
            assertReadable(Scale.logarithmic(Math.abs(low), Math.abs(low) * (10 + random.nextDouble() * 1e9)));
        }
    }

    private static void assertReadable(Scale scale) {
        assertThat(scale.ticks()).as("%s", scale).hasSizeBetween(2, 12).isSorted();
        assertThat(labels(scale)).as("%s", scale).doesNotHaveDuplicates();
        for (double tick : scale.ticks()) {
            assertThat(scale.place(tick)).isBetween(-1e-9, 1 + 1e-9);
        }
    }

    private static List<String> labels(Scale scale) {
        return Arrays.stream(scale.ticks()).mapToObj(scale::label).toList();
    }
}
