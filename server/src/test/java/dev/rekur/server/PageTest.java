package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
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

/** Does what a visitor does, in a real browser. */
class PageTest {
    private static final String GAME =
            "Side-scrolling arcade game. Jump over enemies, collect coins and beat the boss of"
                    + " every level; the game supports joysticks and two players.";
    private static RekurServer server;
    private static Chromium chromium;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private Page page;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        browser = chromium.browser();
        server = RekurServer.builder()
                .port(0)
                .models(ModelRepository.load(
                        Fixtures.example("debian-sections.keras"),
                        Fixtures.example("debian-sections-tokens.keras"),
                        Fixtures.require("golden", "lesson_2_residual", "model.keras")))
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.stop();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        page = browser.newPage(new Browser.NewPageOptions()
                .setViewportSize(1280, 860)
                .setDeviceScaleFactor(2)
                .setColorScheme(ColorScheme.LIGHT));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(server.url())) {
                elsewhere.add(request.url());
            }
        });
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void aVisitorTypesATextAndSeesWhatItIsAbout() throws IOException {
        visit("debian-sections");
        page.getByLabel("text").fill(GAME);
        page.getByText("Predict", new Page.GetByTextOptions().setExact(true)).click();
        page.locator("#times").waitFor();

        assertThat(page.locator(".bars li")).matches(bars -> bars.count() == 5);
        double sum = page.locator(".bars li").all().stream()
                .mapToDouble(bar -> Double.parseDouble(bar.getAttribute("data-value")))
                .sum();
        assertThat(sum).isCloseTo(1, within(1e-5));
        assertThat(page.locator(".bars li .name").allTextContents())
                .containsExactlyInAnyOrder("games", "graphics", "net", "science", "sound");
        assertThat(page.locator(".bars li.first .name").textContent()).isEqualTo("games");
        assertThat(page.locator(".verdict strong").textContent()).isEqualTo("games");
        assertThat(page.locator("#model-time").textContent()).matches("[0-9.]+ (µs|ms)");
        assertThat(page.locator("#round-trip").textContent()).matches("[0-9.]+ (µs|ms)");
        for (int i = 0; i < 30; i++) { // who tries it more often sees what compiled code takes
            page.waitForResponse("**:predict", page.locator("#predict")::click);
        }
        picture("page.png");
        assertQuiet();
    }

    @Test
    void theGraphHasANodeForEachLayerAndAnEdgeForEachConnection() {
        visit("debian-sections");
        assertThat(page.locator(".node").count()).isEqualTo(10);
        assertThat(page.locator(".edge").count()).isEqualTo(9);
        assertThat(page.locator("#layers li").count()).isEqualTo(10);
        assertThat(page.locator("#graph-facts").textContent()).isEqualTo("10 layers, 1,328,517 parameters");
        assertQuiet();
    }

    @Test
    void residualConnectionsRunBesideWhatTheySkip() throws IOException {
        visit("model");
        assertThat(page.locator(".edge.residual").count()).isPositive();
        picture("residual.png");
        assertQuiet();
    }

    @Test
    void numbersMayBePastedAndAnExampleFillsThem() throws IOException {
        visit("debian-sections-tokens");
        page.getByText("Fill with an example").click();
        Locator field = page.getByLabel("tokens");
        assertThat(field.inputValue().split(" ")).hasSize(100);
        page.keyboard().press("Control+Enter");
        page.locator("#times").waitFor();
        assertThat(page.locator(".bars li").count()).isEqualTo(5);
        picture("tokens.png");
        assertQuiet();
    }

    @Test
    void mistakesAreSaidInPlainWords() throws IOException {
        visit("debian-sections-tokens");
        Locator problem = page.getByRole(com.microsoft.playwright.options.AriaRole.ALERT);
        page.locator("#predict").click();
        assertThat(problem.textContent()).contains("is empty");
        page.getByLabel("tokens").fill("1 2 three");
        page.locator("#predict").click();
        assertThat(problem.textContent()).contains("\"three\" in \"tokens\" is not a number");
        assertQuiet();
        page.getByLabel("tokens").fill("20000 ".repeat(100));
        page.locator("#predict").click();
        problem.getByText("from 0 to 9999").waitFor();
        assertThat(problem.textContent()).doesNotContain("docs/");
        picture("mistake.png");
        // and the next try works
        page.getByText("Fill with an example").click();
        page.locator("#predict").click();
        page.locator("#times").waitFor();
        assertThat(problem.isVisible()).isFalse();
    }

    @Test
    void whatAVisitorTypesIsTextAndNothingElse() {
        visit("debian-sections");
        String hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";
        page.getByLabel("text").fill(hostile);
        page.locator("#predict").click();
        page.locator("#times").waitFor();
        page.locator("#request summary").click();
        assertThat(page.locator("#curl").textContent()).contains("onerror");
        assertThat(page.title()).isEqualTo("debian-sections · Rekur");
        assertThat(page.locator("main img, main script").count()).isZero();
        assertQuiet();
    }

    @Test
    void worksByKeyboardAlone() {
        visit("debian-sections");
        page.keyboard().press("Tab"); // the link that skips to the form
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().type(GAME);
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.locator("#times").waitFor();
        assertThat(page.locator(".bars li").count()).isEqualTo(5);
        assertQuiet();
    }

    @Test
    void readsWellInTheDarkAndOnAPhone() throws IOException {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        visit("debian-sections");
        page.getByLabel("text").fill(GAME);
        page.locator("#predict").click();
        page.locator("#times").waitFor();
        picture("dark.png");
        page.setViewportSize(390, 844);
        int width = (int) page.evaluate("document.documentElement.scrollWidth");
        assertThat(width).isLessThanOrEqualTo(390);
        picture("phone.png");
        assertQuiet();
    }

    private void visit(String model) {
        page.navigate(server.url() + "#" + model);
        page.locator(".node").first().waitFor();
        assertThat(page.locator("#model").inputValue()).isEqualTo(model);
    }

    /** No error on the console, and no request to anywhere but the server. */
    private void assertQuiet() {
        assertThat(complaints).isEmpty();
        assertThat(elsewhere).isEmpty();
    }

    /** Pictures for the documentation are only replaced on purpose: no two are equal in every pixel. */
    private void picture(String name) throws IOException {
        boolean update = Boolean.getBoolean("rekur.pictures.update") && name.equals("page.png");
        Path folder = update ? Fixtures.root().resolve("docs/images") : Path.of("target/pictures");
        Files.createDirectories(folder);
        page.waitForTimeout(450); // bars grow
        page.screenshot(
                new Page.ScreenshotOptions().setPath(folder.resolve(name)).setFullPage(true));
    }
}
