package dev.rekur.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Plots as one PNG, two in a row, painted by XChart at twice the size for sharp screens. Needs no screen itself. On one
 * machine the same plots give the same bytes; on another the fonts differ.
 */
final class PngPicture {
    private static final int COLUMNS = 2;
    private static final int MARGIN = 12;
    private static final int PIXELS = 2;
    private static final int PADDING = 6;
    private static final int LEFT_OF_AXIS = 68;
    private static final int TICK_SPACING = 46;
    private static final int AXIS_WIDTH = 355;
    private static final double AXIS_HEIGHT = 200;

    private static final Color INK = Color.decode(Palette.INK);
    private static final Color MUTED = Color.decode(Palette.MUTED);
    private static final Color PAPER = Color.decode(Palette.PAPER);
    private static final Color EDGE = Color.decode(Palette.EDGE);
    private static final Color ALARM = Color.decode(Palette.ALARM);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    private static final BasicStroke HAIRLINE = new BasicStroke(1);
    private static final BasicStroke SOLID = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke THIN = new BasicStroke(1.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DASHED =
            new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 3}, 0);

    private PngPicture() {}

    static byte[] of(List<Plot> plots) {
        int width = COLUMNS * SvgPlot.WIDTH + 2 * MARGIN;
        int height = (plots.size() + 1) / COLUMNS * SvgPlot.HEIGHT + 2 * MARGIN;
        BufferedImage image = new BufferedImage(PIXELS * width, PIXELS * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(PIXELS, PIXELS);
        graphics.setColor(PAPER);
        graphics.fillRect(0, 0, width, height);
        for (int i = 0; i < plots.size(); i++) {
            Graphics2D place = (Graphics2D) graphics.create(
                    MARGIN + i % COLUMNS * SvgPlot.WIDTH,
                    MARGIN + i / COLUMNS * SvgPlot.HEIGHT,
                    SvgPlot.WIDTH,
                    SvgPlot.HEIGHT);
            paint(plots.get(i), place);
            place.dispose();
        }
        graphics.dispose();
        return encode(image);
    }

    private static void paint(Plot plot, Graphics2D graphics) {
        text(graphics, TITLE, INK, plot.title(), Header.LEFT, Header.TITLE);
        if (plot.isEmpty()) {
            graphics.setFont(TEXT);
            int width = graphics.getFontMetrics().stringWidth(plot.remarks().get(0));
            text(
                    graphics,
                    TEXT,
                    ALARM,
                    plot.remarks().get(0),
                    (SvgPlot.WIDTH + Header.LEFT - width) / 2.0,
                    SvgPlot.HEIGHT / 2);
            return;
        }
        Header header = Header.of(plot);
        for (Header.Sample sample : header.samples()) {
            graphics.setColor(Color.decode(Palette.light(sample.curve().color())));
            graphics.setStroke(sample.curve().dashed() ? DASHED : SOLID);
            double y = sample.y() - 4.0;
            graphics.draw(new Line2D.Double(sample.x(), y, sample.x() + Header.SAMPLE_LENGTH, y));
            text(graphics, TEXT, MUTED, sample.curve().name(), sample.textX(), sample.y());
        }
        for (int i = 0; i < plot.remarks().size(); i++) {
            text(
                    graphics,
                    TEXT,
                    ALARM,
                    plot.remarks().get(i),
                    Header.LEFT,
                    header.remarks().get(i));
        }
        graphics.translate(0, header.height() - PADDING);
        chart(plot).paint(graphics, SvgPlot.WIDTH, SvgPlot.HEIGHT - header.height() + PADDING);
    }

    private static void text(Graphics2D graphics, Font font, Color color, String text, double x, int y) {
        graphics.setFont(font);
        graphics.setColor(color);
        graphics.drawString(text, (float) x, y);
    }

    private static XYChart chart(Plot plot) {
        XYChart chart = new XYChart(SvgPlot.WIDTH, SvgPlot.HEIGHT);
        chart.setXAxisTitle("Epoch");
        chart.setYAxisTitle(plot.measure());
        style(chart.getStyler(), plot);
        double[] epochs = Arrays.stream(plot.epochs()).asDoubleStream().toArray();
        if (plot.scaling() == Plot.Scaling.AROUND_ZERO) {
            XYSeries zero = chart.addSeries(
                    "zero",
                    new double[] {plot.horizontal().low(), plot.horizontal().high()},
                    new double[2]);
            zero.setLineColor(EDGE).setLineStyle(HAIRLINE);
            zero.setMarker(SeriesMarkers.NONE);
        }
        boolean logarithmic = plot.vertical().logarithmic();
        for (Curve curve : plot.curves()) {
            double[] values = logarithmic ? powers(curve.values()) : curve.values();
            Color color = Color.decode(Palette.light(curve.color()));
            BasicStroke stroke = plot.isDense() ? THIN : curve.dashed() ? DASHED : SOLID;
            XYSeries series = chart.addSeries(curve.name(), epochs, values);
            series.setLineColor(color).setLineStyle(stroke);
            series.setMarkerColor(color).setMarker(plot.hasDots() ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            double[] alone = IntStream.range(0, values.length)
                    .filter(curve::isAlone)
                    .asDoubleStream()
                    .toArray();
            if (!plot.hasDots() && alone.length > 0) {
                dots(chart, curve.name(), color, alone, epochs, values);
            }
        }
        return chart;
    }

    /** Values that no line leads to. */
    private static void dots(
            XYChart chart, String name, Color color, double[] places, double[] epochs, double[] values) {
        double[] x = Arrays.stream(places).map(place -> epochs[(int) place]).toArray();
        double[] y = Arrays.stream(places).map(place -> values[(int) place]).toArray();
        XYSeries series = chart.addSeries(name + " alone", x, y);
        series.setLineStyle(SeriesLines.NONE);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
    }

    /** XChart's own logarithmic axis draws nine lines for each power, however many there are. */
    private static double[] powers(double[] values) {
        return Arrays.stream(values).map(Math::log10).toArray();
    }

    private static void style(XYStyler style, Plot plot) {
        Scale horizontal = plot.horizontal();
        Scale vertical = plot.vertical();
        style.setXAxisMin(horizontal.low()).setXAxisMax(horizontal.high());
        if (vertical.logarithmic()) {
            double from = Math.log10(vertical.low());
            double to = Math.log10(vertical.high());
            style.setYAxisMin(from).setYAxisMax(to);
            style.setYAxisTickMarkSpacingHint((int) Math.max(TICK_SPACING, AXIS_HEIGHT / (to - from)));
            style.setYAxisTickLabelsFormattingFunction(power -> LoggedValue.text(power(power)));
        } else {
            style.setYAxisMin(vertical.low()).setYAxisMax(vertical.high());
            style.setYAxisTickMarkSpacingHint(TICK_SPACING);
            style.setYAxisTickLabelsFormattingFunction(LoggedValue::text);
        }
        double labels = (horizontal.high() - horizontal.low()) / horizontal.step();
        style.setXAxisTickMarkSpacingHint((int) Math.max(TICK_SPACING, AXIS_WIDTH / Math.max(1, labels)));
        style.setXAxisTickLabelsFormattingFunction(epoch -> epoch < plot.epochs()[0] ? " " : horizontal.label(epoch));
        style.setAxisTickLabelsFont(TEXT).setAxisTitleFont(TEXT).setAxisTickLabelsColor(MUTED);
        style.setAxisTickMarksColor(EDGE).setAxisTickMarksStroke(HAIRLINE).setAxisTickMarkLength(4);
        style.setPlotGridLinesColor(Color.decode(Palette.GRID)).setPlotGridLinesStroke(HAIRLINE);
        style.setPlotGridVerticalLinesVisible(false).setPlotMargin(0);
        style.setPlotBorderVisible(false).setPlotContentSize(1).setPlotBackgroundColor(PAPER);
        style.setChartBackgroundColor(PAPER).setChartFontColor(MUTED).setChartPadding(PADDING);
        style.setChartTitleVisible(false).setLegendVisible(false).setMarkerSize(4);
        style.setYAxisLeftWidthHint(LEFT_OF_AXIS);
        style.setYAxisTitleColor(MUTED).setXAxisTitleColor(MUTED);
    }

    /** Ten to a power, without the last digits that the logarithm blurs. */
    private static double power(double exponent) {
        return exponent == Math.rint(exponent)
                ? Double.parseDouble("1e" + (int) exponent)
                : new BigDecimal(Math.pow(10, exponent))
                        .round(new MathContext(2))
                        .doubleValue();
    }

    private static byte[] encode(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // memory does not fail to be written to
        }
        return png.toByteArray();
    }
}
