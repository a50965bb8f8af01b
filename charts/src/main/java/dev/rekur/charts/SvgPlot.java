package dev.rekur.charts;

import static dev.rekur.charts.Markup.coordinate;
import static dev.rekur.charts.Markup.escape;

/**
 * A plot as SVG elements that carry classes and no colors, so that the document around it decides on those: {@code title},
 * {@code label}, {@code tick}, {@code remark}, {@code grid}, {@code axis}, {@code zero}, and {@code c0}, {@code c1}, ... for
 * curves.
 */
final class SvgPlot {
    static final int WIDTH = 440;
    static final int HEIGHT = 310;

    private static final int LEFT = Header.LEFT;
    private static final int RIGHT = 16;
    private static final int BOTTOM = 44;

    private final Plot plot;
    private final Scale horizontal;
    private final Scale vertical;
    private final Header header;
    private final int top;
    private final StringBuilder svg = new StringBuilder();

    private SvgPlot(Plot plot) {
        this.plot = plot;
        this.horizontal = plot.horizontal();
        this.vertical = plot.vertical();
        this.header = Header.of(plot);
        this.top = header.height();
    }

    /** The elements of a plot, {@value #WIDTH} wide and {@value #HEIGHT} high from the origin. */
    static String of(Plot plot) {
        return new SvgPlot(plot).draw();
    }

    private String draw() {
        text("title", LEFT, Header.TITLE, "start", plot.title());
        if (plot.isEmpty()) {
            line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
            text(
                    "remark",
                    (LEFT + WIDTH - RIGHT) / 2.0,
                    (top + HEIGHT - BOTTOM) / 2.0,
                    "middle",
                    plot.remarks().get(0));
            return svg.toString();
        }
        legend();
        axes();
        plot.curves().forEach(this::curve);
        return svg.toString();
    }

    private void legend() {
        for (Header.Sample sample : header.samples()) {
            svg.append("<path class=\"curve ").append(classes(sample.curve())).append("\" d=\"M");
            svg.append(coordinate(sample.x()))
                    .append(' ')
                    .append(sample.y() - 4)
                    .append('h');
            svg.append(Header.SAMPLE_LENGTH).append("\"/>\n");
            text("label", sample.textX(), sample.y(), "start", sample.curve().name());
        }
        for (int i = 0; i < plot.remarks().size(); i++) {
            text(
                    "remark",
                    LEFT,
                    header.remarks().get(i),
                    "start",
                    plot.remarks().get(i));
        }
    }

    private void axes() {
        for (double tick : vertical.ticks()) {
            double y = y(tick);
            line(plot.scaling() == Plot.Scaling.AROUND_ZERO && tick == 0 ? "zero" : "grid", LEFT, y, WIDTH - RIGHT, y);
            text("tick", LEFT - 7, y + 4, "end", vertical.label(tick));
        }
        double bottom = HEIGHT - BOTTOM;
        line("axis", LEFT, bottom, WIDTH - RIGHT, bottom);
        for (double tick : horizontal.ticks()) {
            line("axis", x(tick), bottom, x(tick), bottom + 4);
            text("tick", x(tick), bottom + 17, "middle", horizontal.label(tick));
        }
        text("label", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8.0, "middle", "Epoch");
        svg.append("<text class=\"label\" text-anchor=\"middle\" transform=\"translate(14 ")
                .append(coordinate((top + bottom) / 2))
                .append(") rotate(-90)\">")
                .append(escape(plot.measure()))
                .append("</text>\n");
    }

    private void curve(Curve curve) {
        double[] values = curve.values();
        StringBuilder line = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        boolean open = false;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                open = false;
                continue;
            }
            String x = coordinate(x(plot.epochs()[i]));
            String y = coordinate(y(values[i]));
            line.append(open ? 'L' : 'M').append(x).append(' ').append(y);
            open = true;
            if (plot.hasDots() || curve.isAlone(i)) {
                dots.append("<circle cx=\"")
                        .append(x)
                        .append("\" cy=\"")
                        .append(y)
                        .append("\" r=\"2.4\"/>");
            }
        }
        svg.append("<g class=\"").append(classes(curve)).append("\"><title>");
        svg.append(escape(curve.name())).append("</title>");
        svg.append("<path class=\"")
                .append(plot.isDense() ? "curve dense" : "curve")
                .append("\" d=\"")
                .append(line)
                .append("\"/>")
                .append(dots)
                .append("</g>\n");
    }

    private static String classes(Curve curve) {
        return "c" + curve.color() % Palette.size() + (curve.dashed() ? " dashed" : "");
    }

    private double x(double epoch) {
        return LEFT + horizontal.place(epoch) * (WIDTH - RIGHT - LEFT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - vertical.place(value) * (HEIGHT - BOTTOM - top);
    }

    private void line(String kind, double fromX, double fromY, double toX, double toY) {
        svg.append("<path class=\"").append(kind).append("\" d=\"M");
        svg.append(coordinate(fromX)).append(' ').append(coordinate(fromY)).append('L');
        svg.append(coordinate(toX)).append(' ').append(coordinate(toY)).append("\"/>\n");
    }

    private void text(String kind, double x, double y, String anchor, String text) {
        svg.append("<text class=\"").append(kind).append("\" x=\"").append(coordinate(x));
        svg.append("\" y=\"").append(coordinate(y));
        svg.append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(escape(text))
                .append("</text>\n");
    }
}
