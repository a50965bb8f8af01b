package dev.rekur.charts;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Plots as one PNG, at twice the size for sharp screens. Needs no screen itself. On one machine the same plots give the same bytes; on
 * another the fonts differ.
 */
final class PngPicture {
    private static final int PIXELS = 2;

    private PngPicture() {}

    static byte[] of(List<Plot> plots) {
        BufferedImage image = new BufferedImage(
                PIXELS * PlotPainter.sheetWidth(), PIXELS * PlotPainter.sheetHeight(plots), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(PIXELS, PIXELS);
        PlotPainter.paintSheet(plots, graphics);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // memory does not fail to be written to
        }
        return png.toByteArray();
    }
}
