/**
 * Pictures of a training, from its {@link dev.rekur.training.callback.History}: the four plots one looks at after every training, as
 * PNG, SVG, and one HTML page with the numbers and the diagnosis in words.
 *
 * <p>May depend on the runtime and the training alone; the command line and applications depend on it. {@link dev.rekur.charts.LessonPlots}
 * decides what is shown, {@link dev.rekur.charts.PlotPainter} how it looks, in all formats.
 */
@NullMarked
package dev.rekur.charts;

import org.jspecify.annotations.NullMarked;
