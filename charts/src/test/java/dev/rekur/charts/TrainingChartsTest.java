package dev.rekur.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.InvalidInputException;
import dev.rekur.training.History;
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
        assertThat(texts(svg, "title")).containsExactly("Loss", "Accuracy", "Learning rate", "Train-validation gap");
        assertThat(texts(svg, "label"))
                .containsSubsequence("train", "validation", "Epoch", "loss")
                .containsSubsequence("train", "validation", "Epoch", "accuracy")
                .containsSubsequence("learning_rate", "Epoch", "learning rate (log scale)")
                .containsSubsequence("val_loss \u2212 loss", "accuracy \u2212 val_accuracy", "Epoch");
        assertThat(curves(svg)).hasSize(7).allSatisfy(points -> assertThat(points.split("[ML]"))
                .hasSize(31));
        assertThat(texts(svg, "tick")).contains("1", "10", "20", "30", "0.001", "1e\u22125");
    }

    @Test
    void pointsLieWhereTheAxesSay() throws Exception {
        // a line from (1, 0) to (11, 10): the sixth of eleven points is in the middle of both axes
        double[] values = new double[11];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        String[] points = curves(parse(
                        TrainingCharts.of(Histories.of(Map.of("loss", values))).svg()))
                .get(0)
                .split("[ML]");
        double[] first = point(points[1]);
        double[] middle = point(points[6]);
        double[] last = point(points[11]);
        assertThat(middle[0]).isCloseTo((first[0] + last[0]) / 2, within(0.11));
        assertThat(middle[1]).isCloseTo((first[1] + last[1]) / 2, within(0.11));
        assertThat(first[1]).isGreaterThan(last[1]);
    }

    @Test
    void gapsAreLeftWhereValuesAreNotFinite() throws Exception {
        Document svg =
                parse(TrainingCharts.of(PicturesTest.Kind.NOT_FINITE.history).svg());
        assertThat(curves(svg).get(0)).matches("M[^M]*L[^M]*M[^ML]*"); // two epochs, a gap, one more
        assertThat(texts(svg, "remark"))
                .contains(
                        "loss is NaN at epoch 3, and not finite at 3 in all",
                        "val_loss is infinite at epoch 3, and not finite at 2 in all",
                        "No learning rate was logged.");
    }

    @Test
    void outputsAreToldApartByColorAndValidationByDashes() throws Exception {
        String svg =
                TrainingCharts.of(PicturesTest.Kind.SEVERAL_OUTPUTS.history).svg();
        assertThat(texts(parse(svg), "label"))
                .contains("a_accuracy", "val_a_accuracy", "b_accuracy", "val_b_accuracy", "a_loss", "val_b_loss")
                .contains("accuracy", "b_accuracy \u2212 val_b_accuracy");
        assertThat(svg)
                .contains("<g class=\"c0\"><title>a_accuracy</title>")
                .contains("<g class=\"c0 dashed\"><title>val_a_accuracy</title>")
                .contains("<g class=\"c1\"><title>b_accuracy</title>");
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
        assertThat(texts(svg, "title")).contains("Mean absolute error");
        assertThat(texts(svg, "label")).contains("val_mean_absolute_error \u2212 mean_absolute_error");
    }

    @ParameterizedTest
    @EnumSource
    void everySvgIsWellFormedAndFreeOfWhatIsNoNumber(PicturesTest.Kind kind) throws Exception {
        String svg = TrainingCharts.of(kind.history).svg();
        Document document = parse(svg);
        assertThat(document.getDocumentElement().getNamespaceURI()).isEqualTo(NAMESPACE);
        assertThat(texts(document, "title")).hasSize(4);
        NodeList paths = document.getElementsByTagNameNS(NAMESPACE, "path");
        for (int i = 0; i < paths.getLength(); i++) {
            assertThat(((Element) paths.item(i)).getAttribute("d")).matches("M[-0-9. MLh]+");
        }
        assertThat(texts(document, "tick")).doesNotContain("NaN");
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
                .doesNotContain("url(")
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
        assertThat(texts(parse(charts.svg()), "remark")).contains("No learning rate was logged.");
        TrainingCharts completed = charts.withLearningRates(List.of(1e-2, 1e-3, 1e-4, 1e-5));
        assertThat(texts(parse(completed.svg()), "remark")).doesNotContain("No learning rate was logged.");
        assertThat(texts(parse(completed.svg()), "tick")).contains("1e\u22125", "0.01");
        assertThatThrownBy(() -> charts.withLearningRates(List.of(1e-3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("learning rates: expected one for each of 4 epochs, found 1");
    }

    @Test
    void namesAreTextAndNothingElse() throws Exception {
        History history = new History();
        history.add(0, new Logs().put("loss", 1).put("<script>alert('\u0001')</script>&", 2));
        TrainingCharts charts = TrainingCharts.of(history).titled("<b>\"mine\"</b>");
        assertThat(texts(parse(charts.svg()), "label")).contains("<script>alert('\ufffd')</script>&");
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

    private static List<String> texts(Document svg, String kind) {
        List<String> texts = new ArrayList<>();
        NodeList elements = svg.getElementsByTagNameNS(NAMESPACE, "text");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            if (element.getAttribute("class").equals(kind)) {
                texts.add(element.getTextContent());
            }
        }
        return texts;
    }

    private static List<String> curves(Document svg) {
        List<String> curves = new ArrayList<>();
        NodeList elements = svg.getElementsByTagNameNS(NAMESPACE, "path");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            if (element.getAttribute("class").matches("curve( dense)?")) {
                curves.add(element.getAttribute("d"));
            }
        }
        return curves;
    }

    private static double[] point(String text) {
        Matcher numbers = Pattern.compile("[-0-9.]+").matcher(text);
        double[] point = new double[2];
        for (int i = 0; i < 2; i++) {
            assertThat(numbers.find()).isTrue();
            point[i] = Double.parseDouble(numbers.group());
        }
        return point;
    }
}
