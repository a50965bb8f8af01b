package dev.rekur.charts;

import dev.rekur.training.callback.History;
import dev.rekur.training.callback.MonitorMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The four plots one looks at after a training: loss, accuracy (or whichever metric there is), learning rate, and the gap
 * between training and validation. What was not logged leaves a plot out, and what is left says so.
 */
final class LessonPlots {
    private static final String VALIDATION = "val_";
    private static final String LOSS = "loss";
    /** A loss that falls or rises by so much shows its course on a logarithmic axis alone. */
    private static final double LOSS_DECADES = 1e3;

    /** A learning rate is read by its factors, as the lesson has it. */
    private static final double ALWAYS = 1;

    private static final int REMARKS = 2;
    /** More outputs make a plot a tangle. */
    private static final int OUTPUTS = Palette.size() - 1;

    /** Beyond it an axis has no room for a margin. */
    private static final double LARGEST = 1e300;

    private final History history;
    private final List<String> names;
    private final int[] epochs;
    private final Optional<MetricChoice> metric;

    private LessonPlots(History history) {
        this.history = history;
        this.names = history.names();
        this.epochs = history.epochs().stream().mapToInt(epoch -> epoch + 1).toArray();
        this.metric = MetricChoice.of(names);
    }

    /** The plots, in the order in which they are read. */
    static List<Plot> of(History history) {
        LessonPlots plots = new LessonPlots(history);
        return List.of(plots.loss(), plots.accuracy(), plots.learningRate(), plots.gap());
    }

    private Plot loss() {
        List<String> outputs = MetricChoice.outputs(names);
        List<String> shown = Stream.concat(
                        Stream.of(LOSS).filter(names::contains),
                        outputs.size() < 2 ? Stream.empty() : outputs.stream().map(output -> output + "_" + LOSS))
                .toList();
        return plot("Loss", LOSS, shown, Plot.Scaling.LINEAR, LOSS_DECADES, "No loss was logged.");
    }

    private Plot accuracy() {
        return metric.map(chosen -> plot(
                        chosen.title(),
                        chosen.name(),
                        chosen.logged(),
                        Plot.Scaling.LINEAR,
                        chosen.isShare() ? Double.POSITIVE_INFINITY : LOSS_DECADES,
                        "No metric was logged."))
                .orElseGet(() -> nothing("Accuracy", "accuracy", "No metric was logged."));
    }

    private Plot learningRate() {
        String name = LearningRates.nameIn(history);
        return plot(
                "Learning rate",
                "learning rate",
                List.of(name),
                Plot.Scaling.LINEAR,
                ALWAYS,
                "No learning rate was logged.");
    }

    private Plot gap() {
        String title = "Train-validation gap";
        String measure = "validation worse by";
        List<Curve> curves = new ArrayList<>();
        if (names.contains(LOSS) && names.contains(VALIDATION + LOSS)) {
            curves.add(new Curve("val_loss \u2212 loss", 0, false, difference(VALIDATION + LOSS, LOSS)));
        }
        for (String name : metric.map(MetricChoice::logged).orElse(List.of())) {
            if (!names.contains(VALIDATION + name) || curves.size() > OUTPUTS) {
                continue;
            }
            MetricChoice.direction(name, names).ifPresent(direction -> {
                boolean rises = direction == MonitorMode.MAX;
                String more = rises ? name : VALIDATION + name;
                String less = rises ? VALIDATION + name : name;
                curves.add(new Curve(more + " \u2212 " + less, curves.size(), false, difference(more, less)));
            });
        }
        curves.removeIf(Curve::isEmpty);
        return curves.isEmpty()
                ? nothing(title, measure, "There was no validation.")
                : new Plot(title, measure, epochs, List.copyOf(curves), Plot.Scaling.AROUND_ZERO, List.of());
    }

    /** Training and validation of what was logged. Where there are several outputs, color tells them apart. */
    private Plot plot(
            String title,
            String measure,
            List<String> shown,
            Plot.Scaling scaling,
            double decades,
            String whatIsMissing) {
        List<Curve> curves = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        boolean several = shown.size() > 1;
        for (int i = 0; i < Math.min(shown.size(), OUTPUTS + 1); i++) {
            String name = shown.get(i);
            String validation = VALIDATION + name;
            boolean rate = LearningRates.isName(name);
            boolean plain = !several && !rate;
            add(curves, remarks, name, plain ? "train" : name, rate ? 2 : i, false);
            add(curves, remarks, validation, plain ? "validation" : validation, several ? i : 1, several);
        }
        if (shown.size() > OUTPUTS + 1) {
            remarks.add(shown.size() - OUTPUTS - 1 + " more are in the table");
        }
        if (curves.isEmpty()) {
            return nothing(title, measure, remarks.isEmpty() ? whatIsMissing : remarks.get(0));
        }
        boolean logarithmic = spans(curves, decades);
        return new Plot(
                title,
                logarithmic ? measure + " (log scale)" : measure,
                epochs,
                List.copyOf(curves),
                logarithmic ? Plot.Scaling.LOGARITHMIC : scaling,
                shortened(remarks));
    }

    private void add(
            List<Curve> curves, List<String> remarks, String logged, String legend, int color, boolean dashed) {
        if (!names.contains(logged)) {
            return;
        }
        double[] values = values(logged);
        Curve curve = new Curve(legend, color, dashed, drawable(values));
        if (!curve.isEmpty()) {
            curves.add(curve);
        }
        notFinite(logged, values).ifPresent(remarks::add);
    }

    private Plot nothing(String title, String measure, String remark) {
        return new Plot(title, measure, epochs, List.of(), Plot.Scaling.LINEAR, List.of(remark));
    }

    /** What was logged, epoch by epoch; NaN too where an epoch lacks it. */
    private double[] values(String name) {
        double[] values = new double[epochs.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = history.logs(i).contains(name) ? history.logs(i).value(name) : Double.NaN;
        }
        return values;
    }

    private double[] difference(String more, String less) {
        double[] first = values(more);
        double[] second = values(less);
        for (int i = 0; i < first.length; i++) {
            first[i] -= second[i];
        }
        return drawable(first);
    }

    private static double[] drawable(double[] values) {
        return Arrays.stream(values)
                .map(value -> Math.abs(value) <= LARGEST ? value : Double.NaN)
                .toArray();
    }

    private Optional<String> notFinite(String name, double[] values) {
        int count = 0;
        int first = -1;
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= LARGEST) && history.logs(i).contains(name)) {
                first = count++ == 0 ? i : first;
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        String what = name + (Double.isNaN(values[first]) ? " is NaN" : " is infinite");
        return Optional.of(
                what + " at epoch " + epochs[first] + (count == 1 ? "" : ", and not finite at " + count + " in all"));
    }

    /** So many that they leave room for the curves. */
    private static List<String> shortened(List<String> remarks) {
        return remarks.size() <= REMARKS
                ? List.copyOf(remarks)
                : List.of(
                        remarks.get(0), remarks.size() - 1 + " more values are not finite or not shown; see the table");
    }

    private static boolean spans(List<Curve> curves, double factor) {
        double[] values = curves.stream()
                .flatMapToDouble(curve -> Arrays.stream(curve.values()))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return values[0] > 0 && values[values.length - 1] / values[0] >= factor;
    }
}
