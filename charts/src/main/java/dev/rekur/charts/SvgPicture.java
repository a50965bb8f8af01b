package dev.rekur.charts;

import static dev.rekur.charts.Markup.escape;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Plots as SVG, from what {@link PlotPainter} draws: text and shapes, without scripts or anything from elsewhere. The library's own
 * frame is left out: it refers to w3.org, and names the fonts of this machine.
 */
final class SvgPicture {
    private static final String FONTS =
            "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;";

    /** Digits that no screen shows. */
    private static final Pattern FRACTION = Pattern.compile("(?<=[ \"(])(-?\\d+\\.\\d\\d)\\d+(?=[ \")])");

    private SvgPicture() {}

    /** A document of plots, two in a row. */
    static String of(List<Plot> plots) {
        int width = PlotPainter.sheetWidth();
        int height = PlotPainter.sheetHeight(plots);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" font-size=\"12\" width=\"" + width
                + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height + "\">\n<title>Training</title>"
                + content(width, height, graphics -> PlotPainter.paintSheet(plots, graphics)) + "</svg>\n";
    }

    /** One plot, as an element of a page; its background is that of the page. */
    static String of(Plot plot) {
        int width = PlotPainter.WIDTH;
        int height = PlotPainter.HEIGHT;
        return "<svg role=\"img\" font-size=\"12\" viewBox=\"0 0 " + width + " " + height + "\" aria-label=\""
                + escape(plot.title()) + "\">" + content(width, height, graphics -> PlotPainter.paint(plot, graphics))
                + "</svg>\n";
    }

    private static String content(int width, int height, Consumer<VectorGraphics2D> painter) {
        VectorGraphics2D graphics = new VectorGraphics2D();
        painter.accept(graphics);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new SVGProcessor()
                    .getDocument(graphics.getCommands(), new PageSize(width, height))
                    .writeTo(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // memory does not fail to be written to
        }
        String document = bytes.toString(StandardCharsets.UTF_8);
        String inside = document.substring(
                document.indexOf('>', document.indexOf("<svg ")) + 1, document.lastIndexOf("</svg>"));
        return FRACTION.matcher(inside).replaceAll("$1").replaceAll("font-family:&quot;[^;]*&quot;;", FONTS);
    }
}
