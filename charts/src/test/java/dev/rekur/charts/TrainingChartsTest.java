package dev.rekur.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Finding;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TrainingChartsTest {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    @Test
    void theFourPlotsOfALessonHaveTheirTitlesCurvesAndAxes() throws Exception {
        Document svg = parse(TrainingCharts.of(Histories.lesson()).svg());
        assertThat(texts(svg))
                .containsSubsequence("Loss", "train", "validation", "1", "10", "20", "30", "Epoch", "loss")
                .containsSubsequence("Accuracy", "train", "validation", "Epoch", "accuracy")
                .containsSubsequence(
                        "Learning rate", "learning_rate", "1e\u22125", "0.001", "learning rate (log scale)")
                .containsSubsequence(
                        "Train-validation gap", "val_loss \u2212 loss", "accuracy \u2212 val_accuracy", "Epoch");
        for (int plot : new int[] {0, 1, 3}) {
            assertThat(segments(svg, plot, Palette.color(0))).hasSize(29);
            assertThat(segments(svg, plot, Palette.color(1))).hasSize(29);
        }
        assertThat(segments(svg, 2, Palette.color(2))).hasSize(29);
    }

    @Test
    void pointsLieWhereTheAxesSay() throws Exception {
        // a line from (1, 0) to (11, 10): the sixth of eleven points is in the middle of both axes
        double[] values = new double[11];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        List<double[]> segments = segments(
                parse(TrainingCharts.of(Histories.of(Map.of("loss", values))).svg()), 0, Palette.color(0));
        double[] first = segments.get(0);
        double[] sixth = segments.get(5);
        double[] last = segments.get(9);
        assertThat(sixth[0]).isCloseTo((first[0] + last[2]) / 2, within(0.02));
        assertThat(sixth[1]).isCloseTo((first[1] + last[3]) / 2, within(0.02));
        assertThat(first[1]).isGreaterThan(last[3]);
    }

    @Test
    void ticksLieAtTheValuesThatTheySay() throws Exception {
        double[] rates = {1e-2, 1e-3, 1e-4, 1e-5};
        Document svg = parse(
                TrainingCharts.of(Histories.of(Map.of("learning_rate", rates))).svg());
        List<double[]> segments = segments(svg, 0, Palette.color(2)); // the only plot with curves
        List<Double> places = new ArrayList<>();
        for (String label : List.of("0.01", "0.001", "1e\u22124", "1e\u22125")) {
            places.add(baseline(svg, label) - 4);
        }
        double top = places.get(0) - segments.get(0)[1];
        for (int i = 0; i < segments.size(); i++) {
            assertThat(segments.get(i)[3] + top).isCloseTo(places.get(i + 1), within(0.05));
        }
    }

    /** The lesson draws the learning rate by its powers of ten, however little it changes. */
    @Test
    void aLearningRateThatHardlyChangesHasALogarithmicAxisWithTicks() throws Exception {
        double[] rates = {3e-4, 3e-4, 1.5e-4};
        List<String> texts = texts(parse(
                TrainingCharts.of(Histories.of(Map.of("learning_rate", rates))).svg()));
        assertThat(texts).contains("learning rate (log scale)", "1e\u22124", "2e\u22124", "5e\u22124");
        double[] same = {3e-4};
        texts = texts(parse(
                TrainingCharts.of(Histories.of(Map.of("learning_rate", same))).svg()));
        assertThat(texts).contains("learning rate (log scale)", "2e\u22124", "5e\u22124");
    }

    @Test
    void thePageShowsTheTicksOfTheOtherPictures() throws Exception {
        TrainingCharts charts = TrainingCharts.of(Histories.lesson(7));
        Matcher figures = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL).matcher(charts.html());
        List<String> texts = new ArrayList<>();
        while (figures.find()) {
            texts.addAll(texts(parse(figures.group().replace("<svg ", "<svg xmlns=\"" + NAMESPACE + "\" "))));
        }
        assertThat(texts).isEqualTo(texts(parse(charts.svg()))).hasSizeGreaterThan(40);
    }

    @Test
    void gapsAreLeftWhereValuesAreNotFinite() throws Exception {
        Document svg =
                parse(TrainingCharts.of(PicturesTest.Kind.NOT_FINITE.history).svg());
        assertThat(segments(svg, 0, Palette.color(0)))
                .as("two epochs, a gap, one more")
                .hasSize(1);
        assertThat(segments(svg, 0, Palette.color(1))).hasSize(2);
        assertThat(texts(svg))
                .contains(
                        "loss is NaN at epoch 3, and not finite at 3 in all",
                        "val_loss is infinite at epoch 3, and not finite at 2 in all",
                        "No learning rate was logged.");
    }

    @Test
    void outputsAreToldApartByColorAndValidationByDashes() throws Exception {
        String svg =
                TrainingCharts.of(PicturesTest.Kind.SEVERAL_OUTPUTS.history).svg();
        assertThat(texts(parse(svg)))
                .contains("a_accuracy", "val_a_accuracy", "b_accuracy", "val_b_accuracy", "a_loss", "val_b_loss")
                .contains("accuracy", "b_accuracy \u2212 val_b_accuracy");
        assertThat(segments(parse(svg), 1, Palette.color(0)))
                .as("a_accuracy, and its validation")
                .hasSize(4);
        assertThat(segments(parse(svg), 1, Palette.color(1))).hasSize(4);
        assertThat(svg).contains("stroke-dasharray:5");
    }

    @Test
    void metricsThatFallAreSubtractedTheOtherWayRound() throws Exception {
        History history = Histories.of(Map.of(
                "loss",
                new double[] {2, 1},
                "mean_absolute_error",
                new double[] {3, 2},
                "val_mean_absolute_error",
                new double[] {4, 3}));
        Document svg = parse(TrainingCharts.of(history).svg());
        assertThat(texts(svg)).contains("Mean absolute error");
        assertThat(texts(svg)).contains("val_mean_absolute_error \u2212 mean_absolute_error");
    }

    @ParameterizedTest
    @EnumSource
    void everySvgIsWellFormedAndFreeOfWhatIsNoNumber(PicturesTest.Kind kind) throws Exception {
        String svg = TrainingCharts.of(kind.history).svg();
        Document document = parse(svg);
        assertThat(document.getDocumentElement().getNamespaceURI()).isEqualTo(NAMESPACE);
        assertThat(svg.replace(NAMESPACE, "")).doesNotContain("http:").doesNotContain("<!DOCTYPE");
        assertThat(texts(document)).doesNotContain("NaN");
        NodeList lines = document.getElementsByTagNameNS(NAMESPACE, "line");
        for (int i = 0; i < lines.getLength(); i++) {
            assertThat(((Element) lines.item(i)).getAttribute("y2")).matches("-?[0-9.]+");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPageIsAllInOneFile(PicturesTest.Kind kind) {
        String html = TrainingCharts.of(kind.history).html();
        assertThat(html.replace(NAMESPACE, ""))
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("<script")
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContainPattern("url\\((?!#clip)")
                .doesNotContain("@import");
        assertThat(html).contains("prefers-color-scheme: dark", "width=device-width");
    }

    @Test
    void thePageHasFinalAndBestValues() {
        String html = TrainingCharts.of(Histories.of(Map.of(
                        "loss", new double[] {0.5, 0.25, 0.75},
                        "val_accuracy", new double[] {0.5, 0.875, 0.625},
                        "learning_rate", new double[] {1e-3, 1e-3, 2.5e-5})))
                .html();
        assertThat(html)
                .contains("<th scope=\"row\">loss</th><td>0.75</td><td>0.25</td><td>2</td>")
                .contains("<th scope=\"row\">val_accuracy</th><td>0.625</td><td>0.875</td><td>2</td>")
                .contains("<th scope=\"row\">learning_rate</th><td>2.5e\u22125</td><td></td><td></td>")
                .contains("3 epochs");
    }

    @Test
    void thePageTellsTheDiagnosisInWords() {
        TrainingCharts charts = TrainingCharts.of(Histories.lesson());
        assertThat(charts.html()).doesNotContain("<h2>Diagnosis</h2>");
        assertThat(charts.withFindings(List.of()).html()).contains("<h2>Diagnosis</h2>", "Nothing conspicuous");
        assertThat(charts.withFindings(List.of(new Finding(Finding.Kind.DEAD_RELU, "7 of 8 < 9", "try <that>")))
                        .html())
                .contains("<h3>ReLU units are dead</h3>", "7 of 8 &lt; 9", "try &lt;that&gt;");
    }

    @Test
    void learningRatesThatNobodyLoggedCanBeGiven() throws Exception {
        TrainingCharts charts = TrainingCharts.of(PicturesTest.Kind.LOSS_ALONE.history);
        assertThat(texts(parse(charts.svg()))).contains("No learning rate was logged.");
        TrainingCharts completed = charts.withLearningRates(List.of(1e-2, 1e-3, 1e-4, 1e-5));
        assertThat(texts(parse(completed.svg()))).doesNotContain("No learning rate was logged.");
        assertThat(texts(parse(completed.svg()))).contains("1e\u22125", "0.01");
        assertThatThrownBy(() -> charts.withLearningRates(List.of(1e-3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("learning rates: expected one for each of 4 epochs, found 1");
    }

    @Test
    void namesAreTextAndNothingElse() throws Exception {
        History history = new History();
        history.add(0, new Logs().put("loss", 1).put("<script>alert('\u0001')</script>&", 2));
        TrainingCharts charts = TrainingCharts.of(history).titled("<b>\"mine\"</b>");
        assertThat(texts(parse(charts.svg()))).contains("<script>alert('\ufffd')</script>&");
        assertThat(charts.html()).doesNotContain("<script", "<b>");
    }

    @Test
    void whatIsAddedToAHistoryLaterIsNotInTheCharts() {
        History history = Histories.lesson(3);
        TrainingCharts charts = TrainingCharts.of(history);
        String before = charts.html();
        history.add(3, new Logs().put("loss", 100));
        assertThat(charts.html()).isEqualTo(before);
    }

    @Test
    void aFilesExtensionSaysWhatIsWritten(@TempDir Path folder) throws Exception {
        TrainingCharts charts = TrainingCharts.of(Histories.lesson());
        for (String name : List.of("a.png", "b.SVG", "c.html")) {
            TrainingCharts.requireWritable(folder.resolve(name));
            charts.write(folder.resolve(name));
        }
        assertThat(folder.resolve("a.png")).hasBinaryContent(charts.png());
        assertThat(folder.resolve("b.SVG")).hasContent(charts.svg());
        assertThat(folder.resolve("c.html")).hasContent(charts.html());
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void otherExtensionsAndFoldersThatDoNotExistAreErrors(@TempDir Path folder) {
        TrainingCharts charts = TrainingCharts.of(Histories.lesson());
        assertThatThrownBy(() -> charts.write(folder.resolve("curves.jpg")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(".png, .svg or .html, found 'curves.jpg'");
        assertThatThrownBy(() -> TrainingCharts.requireWritable(folder.resolve("nowhere/curves.png")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no such directory");
    }

    private static Document parse(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document svg) {
        List<String> texts = new ArrayList<>();
        NodeList elements = svg.getElementsByTagNameNS(NAMESPACE, "text");
        for (int i = 0; i < elements.getLength(); i++) {
            texts.add(elements.item(i).getTextContent());
        }
        return texts;
    }

    /** Where a text stands, within its plot. */
    private static double baseline(Document svg, String text) {
        NodeList elements = svg.getElementsByTagNameNS(NAMESPACE, "text");
        for (int i = 0; i < elements.getLength(); i++) {
            if (elements.item(i).getTextContent().equals(text)) {
                return Double.parseDouble(((Element) elements.item(i)).getAttribute("y"));
            }
        }
        throw new AssertionError("no text '" + text + "'");
    }

    /**
     * The pieces of the curves of a color: x and y of the beginning, then of the end.
     *
     * @param plot counts the plots that have curves
     */
    private static List<double[]> segments(Document svg, int plot, String color) {
        int rgb = Integer.decode(color);
        String stroke = "stroke:rgb(" + (rgb >> 16) + "," + (rgb >> 8 & 0xff) + "," + (rgb & 0xff) + ")";
        List<Element> areas = new ArrayList<>();
        NodeList groups = svg.getElementsByTagNameNS(NAMESPACE, "g");
        for (int i = 0; i < groups.getLength(); i++) {
            if (((Element) groups.item(i)).hasAttribute("clip-path")) {
                areas.add((Element) groups.item(i));
            }
        }
        List<double[]> segments = new ArrayList<>();
        NodeList lines = areas.get(plot).getElementsByTagNameNS(NAMESPACE, "line");
        for (int i = 0; i < lines.getLength(); i++) {
            Element line = (Element) lines.item(i);
            if (line.getAttribute("style").contains(stroke)) {
                double[] places = new double[4];
                String[] names = {"x1", "y1", "x2", "y2"};
                for (int k = 0; k < places.length; k++) {
                    places[k] = Double.parseDouble(line.getAttribute(names[k]));
                }
                segments.add(places);
            }
        }
        return segments;
    }
}
