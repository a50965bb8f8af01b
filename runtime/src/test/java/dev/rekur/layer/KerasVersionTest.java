package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KerasVersionTest {
    private static KerasVersion version(String text) {
        return KerasVersion.parse(text).orElseThrow();
    }

    @Test
    void versionsAreReadAsFilesNameThem() {
        assertThat(version("3.15.1")).isEqualTo(new KerasVersion(3, 15, false));
        assertThat(version("3.4.0.dev2024")).isEqualTo(new KerasVersion(3, 4, false));
        assertThat(version("2.2.4")).isEqualTo(new KerasVersion(2, 2, false));
        assertThat(version("2.2.4-tf")).isEqualTo(new KerasVersion(2, 2, true));
        assertThat(version("2.10.0")).isEqualTo(new KerasVersion(2, 10, true));
        assertThat(version("1.2.2")).isEqualTo(new KerasVersion(2, 0, false));
    }

    @Test
    void whatIsNoVersionIsNone() {
        for (String text : new String[] {"", "3", "tf", "x.1", "99999999999.1", "-3.1"}) {
            assertThat(KerasVersion.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void mergedMasksAreJoinedByAndThenDroppedThenJoinedByOr() {
        assertThat(version("2.15.0").mergedMasks()).isEqualTo(MaskMerge.ALL);
        assertThat(version("3.0.0").mergedMasks()).isEqualTo(MaskMerge.NONE);
        assertThat(version("3.3.3").mergedMasks()).isEqualTo(MaskMerge.NONE);
        assertThat(version("3.4.0").mergedMasks()).isEqualTo(MaskMerge.ANY);
        assertThat(version("3.10.0").mergedMasks()).isEqualTo(MaskMerge.ANY);
        assertThat(KerasVersion.NEWEST.mergedMasks()).isEqualTo(MaskMerge.ANY);
    }

    @Test
    void maskedStepsOfABidirectionalAreZerosInsideTensorFlowAndInKeras3() {
        assertThat(version("2.3.1").bidirectionalZeroesMaskedSteps()).isFalse();
        assertThat(version("2.2.4-tf").bidirectionalZeroesMaskedSteps()).isTrue();
        assertThat(version("2.3.0-tf").bidirectionalZeroesMaskedSteps()).isTrue();
        assertThat(version("3.0.0").bidirectionalZeroesMaskedSteps()).isTrue();
        assertThat(version("2.4.0").fusedLayersHeedZeroOutputForMask()).isTrue();
        assertThat(version("2.2.4-tf").fusedLayersHeedZeroOutputForMask()).isFalse();
        assertThat(version("2.3.0-tf").fusedLayersHeedZeroOutputForMask()).isFalse();
    }

    @Test
    void masksThatAreGivenToCallsGoOnButNotFrom30To310() {
        assertThat(version("2.15.0").givenMasksPass()).isTrue();
        assertThat(version("3.0.5").givenMasksPass()).isFalse();
        assertThat(version("3.10.0").givenMasksPass()).isFalse();
        assertThat(version("3.11.0").givenMasksPass()).isTrue();
        assertThat(KerasVersion.NEWEST.givenMasksPass()).isTrue();
    }

    @Test
    void maskedStepsCountInLossesFrom23To29() {
        assertThat(List.of("2.3.0", "2.3.1", "2.2.4-tf", "2.3.0-tf", "2.4.0", "2.8.0", "2.9.0"))
                .allMatch(text -> version(text).lossesCountMaskedSteps());
        assertThat(List.of("2.0.9", "2.1.3", "2.2.4", "2.1.6-tf", "2.10.0", "2.15.0", "3.0.5", "3.15.1"))
                .noneMatch(text -> version(text).lossesCountMaskedSteps());
    }

    @Test
    void zeroWeightsDoNotCountAndMetricsAreMeansOfBatchesBefore23() {
        assertThat(List.of("2.0.9", "2.1.3", "2.2.4", "2.1.6-tf"))
                .noneMatch(text -> version(text).lossesCountZeroWeights())
                .allMatch(text -> version(text).metricsAreMeansOfBatches());
        assertThat(List.of("2.3.0", "2.2.4-tf", "2.15.0", "3.0.5"))
                .allMatch(text -> version(text).lossesCountZeroWeights())
                .noneMatch(text -> version(text).metricsAreMeansOfBatches());
    }

    @Test
    void metricsHeedMasksInKeras2AndFrom312On() {
        assertThat(List.of("2.2.4", "2.3.1", "2.15.0", "3.12.0", "3.15.1"))
                .allMatch(text -> version(text).metricsHeedMasksWithoutWeights());
        assertThat(List.of("3.0.5", "3.5.0", "3.11.0"))
                .noneMatch(text -> version(text).metricsHeedMasksWithoutWeights());
        assertThat(version("2.15.0").everyMetricHeedsMasks()).isTrue();
        assertThat(version("3.15.0").everyMetricHeedsMasks()).isFalse();
    }

    @Test
    void lossesOfEpochsCountRowsButNotIn30And31() {
        assertThat(List.of("2.1.3", "2.15.0", "3.2.0", "3.15.1"))
                .allMatch(text -> version(text).epochLossesCountRows());
        assertThat(List.of("3.0.5", "3.1.1")).noneMatch(text -> version(text).epochLossesCountRows());
    }

    @Test
    void lossesOfOutputsAreReportedWithTheirWeightsBefore37AndByRowsInMostOfKeras2() {
        assertThat(version("3.6.0").reportedLossesAreWeighted()).isTrue();
        assertThat(version("3.7.0").reportedLossesAreWeighted()).isFalse();
        assertThat(version("2.15.0").reportedLossesAreWeighted()).isFalse();
        assertThat(List.of("2.2.4", "2.3.0-tf", "2.8.0", "2.15.0"))
                .allMatch(text -> version(text).reportedLossesCountRows());
        assertThat(List.of("2.3.1", "2.2.4-tf", "3.0.5", "3.15.1"))
                .noneMatch(text -> version(text).reportedLossesCountRows());
    }
}
