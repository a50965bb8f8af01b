package dev.rekur.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.training.callback.History;
import dev.rekur.training.diagnosis.Finding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Draws trainings of many kinds, looks at the pixels, and leaves the pictures in target/pictures to be looked at. */
class PicturesTest {
    private static final int WIDTH = 1808;
    private static final int HEIGHT = 1288;
    private static final double NAN = Double.NaN;

    /** Trainings that are hard to draw. */
    enum Kind {
        LESSON(Histories.lesson()),
        THOUSAND_EPOCHS(Histories.lesson(1000)),
        ONE_EPOCH(Histories.of(Map.of(
                "loss",
                new double[] {0.7},
                "accuracy",
                new double[] {0.5},
                "val_loss",
                new double[] {0.8},
                "val_accuracy",
                new double[] {0.4},
                "learning_rate",
                new double[] {1e-3}))),
        TWO_EPOCHS(Histories.lesson(2)),
        LOSS_ALONE(Histories.of(Map.of("loss", new double[] {3, 2, 1.5, 1.4}))),
        NOT_FINITE(Histories.of(Map.of(
                "loss", new double[] {1, 0.5, NAN, NAN, 0.4, NAN},
                "val_loss", new double[] {1.1, 0.8, Double.POSITIVE_INFINITY, NAN, 0.6, 0.5},
                "accuracy", new double[] {0.3, 0.5, 0, 0, 0.6, 0},
                "val_accuracy", new double[] {NAN, NAN, NAN, NAN, NAN, NAN}))),
        EXPLODING(Histories.of(Map.of(
                "loss", new double[] {2, 1e3, 1e9, 1e27, 3e38, Double.POSITIVE_INFINITY},
                "mae", new double[] {1, 30, 3e4, 3e13, 1e19, NAN},
                "val_loss", new double[] {3, 1e4, 1e10, 1e28, NAN, NAN}))),
        CONSTANT(Histories.of(Map.of(
                "loss",
                new double[] {0.5, 0.5, 0.5},
                "accuracy",
                new double[] {0, 0, 0},
                "learning_rate",
                new double[] {1e-5, 1e-5, 1e-5}))),
        SEVERAL_OUTPUTS(Histories.of(Map.of(
                "loss",
                new double[] {3, 2, 1.7},
                "val_loss",
                new double[] {3.2, 2.5, 2.4},
                "a_loss",
                new double[] {2, 1.2, 1},
                "val_a_loss",
                new double[] {2.1, 1.6, 1.5},
                "b_loss",
                new double[] {1, 0.8, 0.7},
                "val_b_loss",
                new double[] {1.1, 0.9, 0.9},
                "a_accuracy",
                new double[] {0.5, 0.6, 0.8},
                "val_a_accuracy",
                new double[] {0.4, 0.5, 0.6},
                "b_accuracy",
                new double[] {0.7, 0.75, 0.8},
                "val_b_accuracy",
                new double[] {0.6, 0.7, 0.72}))),
        NOTHING(new History());

        final History history;

        Kind(History history) {
            this.history = history;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTrainingHasAPictureInAllFormats(Kind kind) throws IOException {
        TrainingCharts charts = TrainingCharts.of(kind.history)
                .withFindings(List.of(new Finding(
                        Finding.Kind.OVERFITTING,
                        "val_loss was lowest at epoch 7 (0.412) and is 0.731 at epoch 30, while loss fell to 0.121.",
                        "Stop earlier (EarlyStopping, restoreBestWeights), or add dropout, or more data.")));
        Path folder = Files.createDirectories(Path.of("target/pictures"));
        for (String extension : List.of("png", "svg", "html")) {
            charts.write(folder.resolve(kind.name().toLowerCase(Locale.ROOT) + "." + extension));
        }
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(charts.png()));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
        for (int quadrant = 0; quadrant < 4; quadrant++) {
            assertThat(colors(image, quadrant)).as("quadrant %d", quadrant).hasSizeGreaterThan(8);
        }
    }

    @Test
    void theSameHistoryGivesTheSameBytes() {
        TrainingCharts one = TrainingCharts.of(Histories.lesson());
        TrainingCharts other = TrainingCharts.of(Histories.lesson());
        assertThat(one.png()).isEqualTo(other.png());
        assertThat(one.svg()).isEqualTo(other.svg());
        assertThat(one.html()).isEqualTo(other.html());
    }

    @Test
    void curvesAreDrawnInTheirColorsWhereTheyAreLogged() throws IOException {
        BufferedImage image = ImageIO.read(
                new ByteArrayInputStream(TrainingCharts.of(Histories.lesson()).png()));
        for (int quadrant : new int[] {0, 1, 3}) {
            assertThat(colors(image, quadrant)).contains(rgb(Palette.color(0)), rgb(Palette.color(1)));
        }
        assertThat(colors(image, 2)).contains(rgb(Palette.color(2)));
    }

    /** {@code DeepLessonTest} draws it. */
    @Test
    void thePictureOfTheDocumentationIsOfTheSameSize() throws IOException {
        Path picture = Path.of(System.getProperty("rekur.root", ".."), "docs", "images", "training.png");
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
    }

    private static Set<Integer> colors(BufferedImage image, int quadrant) {
        int left = quadrant % 2 * WIDTH / 2;
        int top = quadrant / 2 * HEIGHT / 2;
        Set<Integer> colors = new HashSet<>();
        IntStream.of(image.getRGB(left, top, WIDTH / 2, HEIGHT / 2, null, 0, WIDTH / 2))
                .forEach(color -> colors.add(color & 0xffffff));
        return colors;
    }

    private static int rgb(String color) {
        return Integer.decode(color);
    }
}
