package dev.rekur.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws plots, for pictures in all formats. XChart draws the curves, over all of the area between the axes. Ticks, titles and legend
 * are drawn here: XChart chooses other ticks than {@link Scale}, and draws letters as shapes, which nobody can search or copy.
 */
final class PlotPainter {
    /** Width of a plot. */
    static final int WIDTH = 440;
    /** Height of a plot. */
    static final int HEIGHT = 310;

    private static final int COLUMNS = 2;
    private static final int MARGIN = 12;
    private static final int LEFT = Header.LEFT;
    private static final int RIGHT = 16;
    private static final int BOTTOM = 44;
    private static final int AXIS_WIDTH = WIDTH - LEFT - RIGHT;

    private static final Color INK = Color.decode(Palette.INK);
    private static final Color MUTED = Color.decode(Palette.MUTED);
    private static final Color GRID = Color.decode(Palette.GRID);
    private static final Color EDGE = Color.decode(Palette.EDGE);
    private static final Color ALARM = Color.decode(Palette.ALARM);
    private static final Color NOTHING = new Color(0, true);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    private static final BasicStroke HAIRLINE = new BasicStroke(1);
    private static final BasicStroke SOLID = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke THIN = new BasicStroke(1.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DASHED =
            new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 3}, 0);

    private final Plot plot;
    private final Graphics2D graphics;
    private final Header header;
    private final Scale horizontal;
    private final Scale vertical;

    private PlotPainter(Plot plot, Graphics2D graphics) {
        this.plot = plot;
        this.graphics = graphics;
        this.header = Header.of(plot);
        this.horizontal = plot.horizontal();
        this.vertical = plot.vertical();
    }

    /** Width of a sheet of plots. */
    static int sheetWidth() {
        return COLUMNS * WIDTH + 2 * MARGIN;
    }

    /** Height of a sheet of plots. */
    static int sheetHeight(List<Plot> plots) {
        return (plots.size() + COLUMNS - 1) / COLUMNS * HEIGHT + 2 * MARGIN;
    }

    /** Draws plots, two in a row, on white. */
    static void paintSheet(List<Plot> plots, Graphics2D graphics) {
        graphics.setColor(Color.decode(Palette.PAPER));
        graphics.fillRect(0, 0, sheetWidth(), sheetHeight(plots));
        for (int i = 0; i < plots.size(); i++) {
            Graphics2D place = (Graphics2D) graphics.create();
            place.translate(MARGIN + i % COLUMNS * WIDTH, MARGIN + i / COLUMNS * HEIGHT);
            paint(plots.get(i), place);
            place.dispose();
        }
    }

    /** Draws a plot, {@value #WIDTH} wide and {@value #HEIGHT} high from the origin, on whatever is there. */
    static void paint(Plot plot, Graphics2D graphics) {
        new PlotPainter(plot, graphics).paint();
    }

    private void paint() {
        text(TITLE, INK, plot.title(), LEFT, Header.TITLE, 0);
        if (plot.isEmpty()) {
            double middle = (header.height() + HEIGHT - BOTTOM) / 2.0;
            line(EDGE, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
            text(TEXT, ALARM, plot.remarks().get(0), LEFT + AXIS_WIDTH / 2.0, middle, 0.5);
            return;
        }
        legend();
        axes();
        Graphics2D place = (Graphics2D) graphics.create();
        place.translate(LEFT, header.height());
        chart().paint(place, AXIS_WIDTH, axisHeight());
        place.dispose();
    }

    private int axisHeight() {
        return HEIGHT - BOTTOM - header.height();
    }

    private void legend() {
        for (Header.Sample sample : header.samples()) {
            double y = sample.y() - 4.0;
            graphics.setColor(color(sample.curve()));
            graphics.setStroke(sample.curve().dashed() ? DASHED : SOLID);
            graphics.draw(new Line2D.Double(sample.x(), y, sample.x() + Header.SAMPLE_LENGTH, y));
            text(TEXT, MUTED, sample.curve().name(), sample.textX(), sample.y(), 0);
        }
        for (int i = 0; i < plot.remarks().size(); i++) {
            text(TEXT, ALARM, plot.remarks().get(i), LEFT, header.remarks().get(i), 0);
        }
    }

    private void axes() {
        double bottom = HEIGHT - BOTTOM;
        for (double tick : vertical.ticks()) {
            double y = bottom - vertical.place(tick) * axisHeight();
            boolean zero = plot.scaling() == Plot.Scaling.AROUND_ZERO && tick == 0;
            line(zero ? EDGE : GRID, LEFT, y, WIDTH - RIGHT, y);
            text(TICK, MUTED, vertical.label(tick), LEFT - 7, y + 4, 1);
        }
        line(EDGE, LEFT, bottom, WIDTH - RIGHT, bottom);
        for (double tick : horizontal.ticks()) {
            double x = LEFT + horizontal.place(tick) * AXIS_WIDTH;
            line(EDGE, x, bottom, x, bottom + 4);
            text(TICK, MUTED, horizontal.label(tick), x, bottom + 17, 0.5);
        }
        text(TEXT, MUTED, "Epoch", LEFT + AXIS_WIDTH / 2.0, HEIGHT - 8.0, 0.5);
        PlotPainter turned = new PlotPainter(plot, (Graphics2D) graphics.create());
        turned.graphics.translate(14, header.height() + axisHeight() / 2.0);
        turned.graphics.rotate(-Math.PI / 2);
        turned.text(TEXT, MUTED, plot.measure(), 0, 0, 0.5);
        turned.graphics.dispose();
    }

    private void line(Color color, double fromX, double fromY, double toX, double toY) {
        graphics.setColor(color);
        graphics.setStroke(HAIRLINE);
        graphics.draw(new Line2D.Double(fromX, fromY, toX, toY));
    }

    /**
     * Writes a text.
     *
     * @param y the baseline
     * @param before how much of its width lies to the left of x: 0, 0.5 or 1
     */
    private void text(Font font, Color color, String text, double x, double y, double before) {
        String printable = Markup.printable(text);
        graphics.setFont(font);
        graphics.setColor(color);
        double width = before == 0 ? 0 : graphics.getFontMetrics(font).stringWidth(printable);
        graphics.drawString(printable, (float) (x - before * width), (float) y);
    }

    private static Color color(Curve curve) {
        return Color.decode(Palette.color(curve.color()));
    }

    private XYChart chart() {
        XYChart chart = new XYChart(AXIS_WIDTH, axisHeight());
        style(chart.getStyler());
        double[] epochs = Arrays.stream(plot.epochs()).asDoubleStream().toArray();
        for (int i = 0; i < plot.curves().size(); i++) {
            Curve curve = plot.curves().get(i);
            double[] values = Arrays.stream(curve.values()).map(this::onAxis).toArray();
            BasicStroke stroke = plot.isDense() ? THIN : curve.dashed() ? DASHED : SOLID;
            XYSeries series = chart.addSeries("curve " + i, epochs, values);
            series.setLineColor(color(curve)).setLineStyle(stroke);
            series.setMarkerColor(color(curve)).setMarker(plot.hasDots() ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            if (!plot.hasDots()) {
                dots(chart, i, curve, epochs, values);
            }
        }
        return chart;
    }

    /** Values that no line leads to. */
    private static void dots(XYChart chart, int number, Curve curve, double[] epochs, double[] values) {
        int[] alone = IntStream.range(0, values.length).filter(curve::isAlone).toArray();
        if (alone.length > 0) {
            double[] x = Arrays.stream(alone).mapToDouble(i -> epochs[i]).toArray();
            double[] y = Arrays.stream(alone).mapToDouble(i -> values[i]).toArray();
            XYSeries series = chart.addSeries("alone " + number, x, y);
            series.setLineStyle(SeriesLines.NONE);
            series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color(curve));
        }
    }

    /** XChart's own logarithmic axis takes powers of ten only. */
    private double onAxis(double value) {
        return vertical.logarithmic() ? Math.log10(value) : value;
    }

    private void style(XYStyler style) {
        style.setXAxisMin(horizontal.low()).setXAxisMax(horizontal.high());
        style.setYAxisMin(onAxis(vertical.low())).setYAxisMax(onAxis(vertical.high()));
        style.setAxisTicksVisible(false).setAxisTitlesVisible(false);
        style.setPlotGridLinesVisible(false).setPlotMargin(0);
        style.setPlotBorderVisible(false).setPlotContentSize(1).setPlotBackgroundColor(NOTHING);
        style.setChartBackgroundColor(NOTHING).setChartPadding(0);
        style.setChartTitleVisible(false).setLegendVisible(false).setMarkerSize(4);
    }
}
