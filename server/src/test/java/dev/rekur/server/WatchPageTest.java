package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches a training in a real browser. */
class WatchPageTest {
    private static Chromium chromium;

    private final MadeUpRun run = new MadeUpRun(40, 250);
    private final List<String> complaints = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private TrainingWatch watch;
    private Page page;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        watch = TrainingWatch.start(0);
        page = chromium.browser()
                .newPage(new Browser.NewPageOptions().setViewportSize(1240, 900).setColorScheme(ColorScheme.LIGHT));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(watch.address().toString())) {
                elsewhere.add(request.url());
            }
        });
    }

    @AfterEach
    void close() {
        page.close();
        watch.close();
    }

    @Test
    void curvesGrowWhileTheTrainingGoes() throws IOException {
        page.navigate(watch.address().toString());
        page.getByText("Waiting for the training to begin").waitFor();
        watch.trainBegin(run);
        epochs(0, 12);
        watch.epochBegin(run, 12);
        page.waitForTimeout(150); // the last batch was told; the next is told a tenth of a second later
        watch.batchEnd(run, 99, MadeUpRun.logs(12, false));
        page.getByText("13 of 40").waitFor();
        page.getByText("100 of 250").waitFor();
        assertThat(page.locator("#state").textContent()).isEqualTo("Running");
        assertThat(page.locator("#rate").textContent()).isEqualTo("2e−4");
        assertThat(page.locator("#plots .card h2").allTextContents())
                .containsExactly("Loss", "Accuracy", "Learning rate", "Train-validation gap");
        assertThat(page.locator("#plot-loss .u-legend .u-label").allTextContents())
                .containsExactly("Epoch", "train", "validation");
        assertThat(page.locator("#plot-gap .u-legend .u-label").allTextContents())
                .containsExactly("Epoch", "val_loss − loss", "accuracy − val_accuracy");
        assertDrawn();
        watch.finding(new Finding(
                Finding.Kind.OVERFITTING,
                "val_loss was lowest at epoch 9 (0.61) and is 0.68 at epoch 12, while loss fell.",
                "Stop earlier, or add <dropout>."));
        page.getByText("Stop earlier, or add <dropout>.").waitFor();
        picture("watch.png");
        epochs(12, 20);
        watch.trainEnd(run, new Logs());
        page.getByText("Ended after 20 of 40 epochs").waitFor();
        assertDrawn();
        assertQuiet();
    }

    @Test
    void aPageOpenedWhenTheTrainingHasEndedShowsAllOfIt() throws IOException {
        watch.trainBegin(run);
        epochs(0, 40);
        watch.trainEnd(run, new Logs());
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.navigate(watch.address().toString());
        page.getByText("Done").waitFor();
        assertThat(page.locator("#epoch").textContent()).isEqualTo("40 of 40");
        page.locator("#plot-loss canvas").waitFor();
        assertDrawn();
        picture("watch-dark.png");
        page.setViewportSize(390, 844);
        page.waitForTimeout(200);
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        picture("watch-phone.png");
        assertQuiet();
    }

    @Test
    void valuesThatAreNoNumbersLeaveGapsAndAreSaid() {
        page.navigate(watch.address().toString());
        watch.trainBegin(run);
        watch.epochEnd(run, 0, new Logs().put("loss", 1));
        watch.epochEnd(run, 1, new Logs().put("loss", Double.NaN));
        watch.epochEnd(run, 2, new Logs().put("loss", Double.NEGATIVE_INFINITY));
        page.getByText("loss −Infinity").or(page.getByText("loss -Infinity")).waitFor();
        page.getByText("Nothing was logged for this plot.").first().waitFor();
        assertQuiet();
    }

    @Test
    void aPageGoesOnWhereAnotherTrainingBegins() {
        page.navigate(watch.address().toString());
        watch.trainBegin(run);
        epochs(0, 3);
        page.getByText("3 of 40").waitFor();
        watch.trainBegin(run);
        epochs(0, 1);
        page.getByText("1 of 40").waitFor();
        assertQuiet();
    }

    private void epochs(int from, int to) {
        for (int epoch = from; epoch < to; epoch++) {
            run.learningRate(epoch < 8 ? 1e-3 : epoch < 24 ? 2e-4 : 4e-5);
            watch.epochBegin(run, epoch);
            watch.batchEnd(run, 249, MadeUpRun.logs(epoch, false));
            watch.epochEnd(run, epoch, MadeUpRun.logs(epoch, true));
        }
    }

    /** Every plot has pixels of its first curve's color. */
    private void assertDrawn() {
        page.waitForTimeout(150);
        assertThat((String) page.evaluate("() => [...document.querySelectorAll('#plots canvas')].map((canvas) => {"
                        + " const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
                        + " const colors = new Set();"
                        + " for (let i = 0; i < pixels.length; i += 4) {"
                        + "   if (pixels[i + 3] === 255) { colors.add(pixels[i] * 65536 + pixels[i + 1] * 256 + pixels[i + 2]); }"
                        + " } return colors.size > 3; }).join()"))
                .isEqualTo("true,true,true,true");
    }

    private void assertQuiet() {
        assertThat(complaints).isEmpty();
        assertThat(elsewhere).isEmpty();
    }

    private void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target/pictures"));
        page.waitForTimeout(100);
        page.screenshot(
                new Page.ScreenshotOptions().setPath(folder.resolve(name)).setFullPage(true));
    }
}
