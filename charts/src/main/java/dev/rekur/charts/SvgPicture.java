package dev.rekur.charts;

import java.util.List;

/**
 * Plots as one SVG document, two in a row: plain text and shapes, which need no fonts, scripts or files from elsewhere.
 *
 * <p>Not by XChart, whose SVG has outlines of the machine's fonts where text should be (130 kB for one plot with two curves),
 * a reference to w3.org, and colors that no style sheet can turn dark.
 */
final class SvgPicture {
    private static final int COLUMNS = 2;
    private static final int MARGIN = 12;
    private static final String FONTS =
            "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;";

    private SvgPicture() {}

    static String of(List<Plot> plots) {
        int width = COLUMNS * SvgPlot.WIDTH + 2 * MARGIN;
        int height = (plots.size() + 1) / COLUMNS * SvgPlot.HEIGHT + 2 * MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"")
                .append(width);
        svg.append("\" height=\"").append(height).append("\" viewBox=\"0 0 ").append(width);
        svg.append(' ').append(height).append("\">\n<title>Training</title>\n<style>\n");
        svg.append(style()).append("</style>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"")
                .append(Palette.PAPER)
                .append("\"/>\n");
        for (int i = 0; i < plots.size(); i++) {
            svg.append("<g transform=\"translate(").append(MARGIN + i % COLUMNS * SvgPlot.WIDTH);
            svg.append(' ').append(MARGIN + i / COLUMNS * SvgPlot.HEIGHT).append(")\">\n");
            svg.append(SvgPlot.of(plots.get(i))).append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static String style() {
        StringBuilder css = new StringBuilder();
        css.append("text{")
                .append(FONTS)
                .append("font-size:12px;fill:")
                .append(Palette.MUTED)
                .append("}\n");
        css.append(".title{font-size:16px;font-weight:600;fill:")
                .append(Palette.INK)
                .append("}\n");
        css.append(".tick{font-size:11px}\n.remark{fill:").append(Palette.ALARM).append("}\n");
        css.append(".grid{stroke:").append(Palette.GRID).append("}\n");
        css.append(".axis,.zero{stroke:").append(Palette.EDGE).append("}\n");
        css.append(
                ".curve{fill:none;stroke-width:2;stroke-linejoin:round}\n.dense{stroke-width:1.2}\n.dashed{stroke-dasharray:5 3}\n");
        for (int i = 0; i < Palette.size(); i++) {
            css.append(".c").append(i).append("{stroke:").append(Palette.light(i));
            css.append(";fill:").append(Palette.light(i)).append("}\n");
        }
        return css.append(".curve{fill:none}\ncircle{stroke:none}\n").toString();
    }
}
