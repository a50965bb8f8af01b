package dev.rekur.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Plots as one PNG, two in a row, painted by XChart at twice the size for sharp screens. Needs no screen itself. On one
 * machine the same plots give the same bytes; on another the fonts differ.
 */
final class PngPicture {
    private static final int COLUMNS = 2;
    private static final int MARGIN = 12;
    private static final int PIXELS = 2;
    private static final int DOTS = 30;
    private static final int TICK_SPACING = 46;

    private static final Color INK = Color.decode(Palette.INK);
    private static final Color MUTED = Color.decode(Palette.MUTED);
    private static final Color PAPER = Color.decode(Palette.PAPER);
    private static final Color EDGE = Color.decode(Palette.EDGE);
    private static final Color ALARM = Color.decode(Palette.ALARM);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final BasicStroke HAIRLINE = new BasicStroke(1);
    private static final BasicStroke SOLID = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
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
        if (plot.isEmpty()) {
            graphics.setFont(TITLE);
            graphics.setColor(INK);
            centered(graphics, plot.title(), 24);
            graphics.setFont(TEXT);
            graphics.setColor(ALARM);
            centered(graphics, plot.remark(), SvgPlot.HEIGHT / 2);
            return;
        }
        boolean remarks = !plot.remark().isEmpty();
        chart(plot).paint(graphics, SvgPlot.WIDTH, SvgPlot.HEIGHT - (remarks ? 16 : 0));
        if (remarks) {
            graphics.setFont(TEXT);
            graphics.setColor(ALARM);
            centered(graphics, plot.remark(), SvgPlot.HEIGHT - 6);
        }
    }

    private static void centered(Graphics2D graphics, String text, int y) {
        graphics.drawString(
                text, (SvgPlot.WIDTH - graphics.getFontMetrics().stringWidth(text)) / 2, y);
    }

    private static XYChart chart(Plot plot) {
        XYChart chart = new XYChart(SvgPlot.WIDTH, SvgPlot.HEIGHT);
        chart.setTitle(plot.title());
        chart.setXAxisTitle("Epoch");
        chart.setYAxisTitle(plot.measure());
        style(chart.getStyler(), plot);
        double[] epochs = Arrays.stream(plot.epochs()).asDoubleStream().toArray();
        if (plot.scaling() == Plot.Scaling.AROUND_ZERO) {
            XYSeries zero = chart.addSeries(
                    "zero", new double[] {plot.horizontal().low(), plot.horizontal().high()}, new double[2]);
            zero.setLineColor(EDGE).setLineStyle(HAIRLINE);
            zero.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        }
        for (Curve curve : plot.curves()) {
            XYSeries series = chart.addSeries(curve.name(), epochs, curve.values());
            Color color = Color.decode(Palette.light(curve.color()));
            series.setLineColor(color).setLineStyle(curve.dashed() ? DASHED : SOLID);
            series.setMarkerColor(color).setMarker(epochs.length <= DOTS ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        }
        return chart;
    }

    private static void style(XYStyler style, Plot plot) {
        Scale horizontal = plot.horizontal();
        Scale vertical = plot.vertical();
        style.setXAxisMin(horizontal.low()).setXAxisMax(horizontal.high());
        style.setYAxisMin(vertical.low()).setYAxisMax(vertical.high());
        style.setYAxisLogarithmic(vertical.logarithmic());
        double labels = (horizontal.high() - horizontal.low()) / horizontal.step();
        style.setXAxisTickMarkSpacingHint((int) Math.max(TICK_SPACING, 370 / Math.max(1, labels)));
        style.setYAxisTickMarkSpacingHint(TICK_SPACING);
        style.setXAxisTickLabelsFormattingFunction(
                epoch -> epoch == Math.rint(epoch) ? horizontal.label(epoch) : " ");
        style.setYAxisTickLabelsFormattingFunction(vertical::label);
        style.setAxisTickLabelsFont(TEXT).setAxisTitleFont(TEXT).setAxisTickLabelsColor(MUTED);
        style.setAxisTickMarksColor(EDGE).setAxisTickMarksStroke(HAIRLINE).setAxisTickMarkLength(4);
        style.setPlotGridLinesColor(Color.decode(Palette.GRID)).setPlotGridLinesStroke(HAIRLINE);
        style.setPlotGridVerticalLinesVisible(false).setPlotMargin(0);
        style.setPlotBorderVisible(false).setPlotContentSize(1).setPlotBackgroundColor(PAPER);
        style.setChartBackgroundColor(PAPER).setChartFontColor(MUTED).setChartPadding(8);
        style.setChartTitleFont(TITLE).setChartTitleFontColor(INK).setChartTitleBoxVisible(false);
        style.setLegendPosition(Styler.LegendPosition.OutsideS).setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendFont(TEXT).setLegendBorderColor(PAPER).setLegendBackgroundColor(PAPER);
        style.setLegendPadding(4).setLegendSeriesLineLength(18).setMarkerSize(4);
        style.setYAxisTitleColor(MUTED).setXAxisTitleColor(MUTED);
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
