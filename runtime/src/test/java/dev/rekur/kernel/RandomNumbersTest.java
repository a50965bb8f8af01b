package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomNumbersTest {
    private static final int COUNT = 200_000;

    @Test
    void sameKeyAndIndexGiveTheSameNumberAndOthersDoNot() {
        assertThat(RandomNumbers.bits(1, 2)).isEqualTo(RandomNumbers.bits(1, 2));
        long distinct = IntStream.range(0, COUNT)
                .mapToLong(i -> RandomNumbers.bits(i % 100, i / 100))
                .distinct()
                .count();
        assertThat(distinct).isEqualTo(COUNT);
    }

    @Test
    void keysAreNotNumbersOfTheirParent() {
        for (int label = 0; label < 100; label++) {
            assertThat(RandomNumbers.key(7, label)).isNotEqualTo(RandomNumbers.bits(7, label));
        }
    }

    @Test
    void uniformNumbersFillTheUnitIntervalEvenly() {
        int[] counts = new int[64];
        for (int i = 0; i < COUNT; i++) {
            float u = RandomNumbers.uniform(3, i);
            assertThat(u).isGreaterThanOrEqualTo(0f).isLessThan(1f);
            counts[(int) (u * counts.length)]++;
        }
        assertThat(chiSquare(counts)).isLessThan(110); // 63 degrees of freedom: exceeded once in 5,000
    }

    @Test
    void numbersOfNeighbouringIndicesAndKeysAreUncorrelated() {
        double indices = 0;
        double keys = 0;
        for (int i = 0; i < COUNT; i++) {
            double u = RandomNumbers.uniform(5, i) - 0.5;
            indices += u * (RandomNumbers.uniform(5, i + 1) - 0.5);
            keys += u * (RandomNumbers.uniform(6, i) - 0.5);
        }
        double fourSigma = 4.0 / 12 * Math.sqrt(COUNT);
        assertThat(indices).isCloseTo(0, within(fourSigma));
        assertThat(keys).isCloseTo(0, within(fourSigma));
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
        double[] moments = moments(i -> RandomNumbers.normal(11, i));
        assertThat(moments[0]).isCloseTo(0, within(0.01));
        assertThat(moments[1]).isCloseTo(1, within(0.015));
        assertThat(moments[2]).isCloseTo(3, within(0.1));
    }

    @Test
    void truncatedNormalNumbersStayWithinTwoDeviationsAndKeepTheDistributionThere() {
        double[] moments = moments(i -> {
            double value = RandomNumbers.truncatedNormal(13, i);
            assertThat(Math.abs(value)).isLessThanOrEqualTo(2);
            return value;
        });
        assertThat(moments[0]).isCloseTo(0, within(0.01));
        assertThat(Math.sqrt(moments[1])).isCloseTo(0.87962566103423978, within(0.005));
    }

    @Test
    void integersAreEvenAndBelowTheBound() {
        int[] counts = new int[7];
        for (int i = 0; i < COUNT; i++) {
            counts[RandomNumbers.integer(17, i, counts.length)]++;
        }
        assertThat(chiSquare(counts)).isLessThan(27); // 6 degrees of freedom
        assertThat(RandomNumbers.integer(17, 0, Integer.MAX_VALUE)).isNotNegative();
    }

    @Test
    void permutationsOfThreeAreEquallyLikely() {
        int[] counts = new int[27];
        int[] order = new int[3];
        for (int key = 0; key < 60_000; key++) {
            RandomNumbers.permutation(key, 3, order);
            counts[order[0] * 9 + order[1] * 3 + order[2]]++;
        }
        int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertThat(seen).hasSize(6);
        assertThat(chiSquare(seen)).isLessThan(25); // 5 degrees of freedom
    }

    private interface Draw {
        double at(int index);
    }

    private static double[] moments(Draw draw) {
        double[] sums = new double[3];
        for (int i = 0; i < COUNT; i++) {
            double value = draw.at(i);
            sums[0] += value;
            sums[1] += value * value;
            sums[2] += value * value * value * value;
        }
        return Arrays.stream(sums).map(sum -> sum / COUNT).toArray();
    }

    private static double chiSquare(int[] counts) {
        double expected = (double) Arrays.stream(counts).sum() / counts.length;
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }
}
