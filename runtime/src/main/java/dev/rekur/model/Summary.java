package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.model.Outline.OutlineLayer;
import dev.rekur.model.SummaryTable.Align;
import dev.rekur.model.SummaryTable.Column;
import dev.rekur.tensor.Shape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The table that Keras 3.15 prints for a model, character for character, as {@link #toString}.
 *
 * <p>Follows {@code keras/src/utils/summary_utils.py}. It describes the model as it was before it was saved; a model
 * that Keras has loaded again shows its optimizer too, which {@link #optimizer} asks for. Layers that Rekur cannot run
 * are marked, and what the file does not say of them is {@value #UNKNOWN}.
 *
 * <p>Immutable: each option gives another summary.
 */
public final class Summary {
    /** Width of the line where nothing else is asked for: that of Keras in a terminal of 80 columns, which it leaves four of free. */
    public static final int LINE_LENGTH = 76;

    /** Stands for shapes and numbers that the file does not say. */
    public static final String UNKNOWN = "?";

    private static final String MARK = " *";
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

    private final Outline model;
    private final Optional<CompileConfiguration> compiled;
    private final int lineLength;
    private final boolean trainable;
    private final boolean optimizer;
    private final boolean expanded;

    private Summary(
            Outline model,
            Optional<CompileConfiguration> compiled,
            int lineLength,
            boolean trainable,
            boolean optimizer,
            boolean expanded) {
        this.model = model;
        this.compiled = compiled;
        this.lineLength = lineLength;
        this.trainable = trainable;
        this.optimizer = optimizer;
        this.expanded = expanded;
    }

    /** The summary with Keras's defaults, {@value #LINE_LENGTH} columns wide. */
    public static Summary of(Model model) {
        return of(Outline.of(model.graph()), model.compileConfiguration());
    }

    /**
     * The summary of a model that is known in outline.
     *
     * @param compiled how the model was compiled, if the file says
     */
    public static Summary of(Outline model, Optional<CompileConfiguration> compiled) {
        return new Summary(model, compiled, LINE_LENGTH, false, false, false);
    }

    /** The same, in lines of another length. */
    public Summary lineLength(int characters) {
        return new Summary(model, compiled, characters, trainable, optimizer, expanded);
    }

    /** The same, with a column that says which layers can be trained. */
    public Summary showTrainable() {
        return new Summary(model, compiled, lineLength, true, optimizer, expanded);
    }

    /** The same with the optimizer's variables, if the file says how the model was compiled. */
    public Summary optimizer() {
        return new Summary(model, compiled, lineLength, trainable, true, expanded);
    }

    /** The same, with the layers of models inside the model below each of them. */
    public Summary expandNested() {
        return new Summary(model, compiled, lineLength, trainable, optimizer, true);
    }

    /**
     * A row of the table.
     *
     * @param name the layer's name
     * @param className Keras's name of its class
     * @param supported whether Rekur can run it
     * @param outputShape as Keras writes it: {@code (None, 100, 128)}, of several outputs a list; {@value #UNKNOWN} if the
     *     file does not tell
     * @param parameters numbers in its weights; empty if the file does not tell
     * @param trainable Keras's flag; no layer without weights has it
     * @param connectedTo where its inputs come from: {@code dense[0][0]}
     * @param depth how many models it is inside of, the one summarized not counted
     */
    public record LayerRow(
            String name,
            String className,
            boolean supported,
            String outputShape,
            OptionalLong parameters,
            boolean trainable,
            List<String> connectedTo,
            int depth) {
        public LayerRow {
            connectedTo = List.copyOf(connectedTo);
        }
    }

    /**
     * Numbers in a model's variables.
     *
     * @param total all of them
     * @param trainable those that training moves
     * @param nonTrainable those that it leaves alone, or moves by other means
     * @param optimizer those that the optimizer keeps; zero unless asked for
     */
    public record Parameters(long total, long trainable, long nonTrainable, long optimizer) {}

    /** The model's name. */
    public String modelName() {
        return model.name();
    }

    /** The rows of the table, in its order. */
    public List<LayerRow> layers() {
        return rows(model, 0);
    }

    /** What stands below the table. */
    public Parameters parameters() {
        Totals totals = totals();
        return new Parameters(
                totals.all().numbers(),
                totals.trained().numbers(),
                totals.fixed().numbers(),
                totals.slots().numbers());
    }

    /**
     * The text, without a line break at its end.
     *
     * @throws dev.rekur.error.InvalidInputException if the line length is too short
     */
    @Override
    public String toString() {
        boolean chain = model.style() == Graph.Style.SEQUENTIAL || isChain(model);
        List<LayerRow> rows = layers();
        SummaryTable table = new SummaryTable(columns(chain), lineLength);
        for (LayerRow row : rows) {
            table.add(cells(row, chain));
        }
        return "Model: \"" + model.name() + "\"\n" + table.text() + remarks(rows) + totals();
    }

    /** What the marks of the table mean, if it has any. */
    private static String remarks(List<LayerRow> rows) {
        StringBuilder text = new StringBuilder();
        if (rows.stream().anyMatch(row -> !row.supported())) {
            text.append(" * not supported by Rekur\n");
        }
        if (rows.stream().anyMatch(row -> row.outputShape().equals(UNKNOWN))) {
            text.append(" ? not told by the file\n");
        }
        if (rows.stream().anyMatch(row -> row.parameters().isEmpty())) {
            text.append(" The numbers below leave out what the file does not tell.\n");
        }
        return text.toString();
    }

    private List<Column> columns(boolean chain) {
        double scale = trainable ? 0.90 : 1.0;
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("Layer (type)", Align.LEFT, (chain ? 0.45 : 0.3) * scale));
        columns.add(new Column("Output Shape", Align.LEFT, (chain ? 0.80 : 0.56) * scale));
        columns.add(new Column("Param #", Align.RIGHT, (chain ? 1.0 : 0.74) * scale));
        if (!chain) {
            columns.add(new Column("Connected to", Align.LEFT, 1.0 * scale));
        }
        if (trainable) {
            columns.add(new Column("Trainable", Align.CENTER, 1.0));
        }
        return columns;
    }

    private List<String> cells(LayerRow row, boolean chain) {
        List<String> cells = new ArrayList<>();
        String branch = row.depth() == 0 ? "" : "   ".repeat(row.depth()) + "└ ";
        cells.add(branch + row.name() + " (" + row.className() + ")" + (row.supported() ? "" : MARK));
        cells.add(row.outputShape());
        cells.add(row.parameters().isPresent() ? grouped(row.parameters().getAsLong()) : UNKNOWN);
        if (!chain) {
            cells.add(row.connectedTo().isEmpty() ? "-" : String.join(", ", row.connectedTo()));
        }
        if (trainable) {
            boolean hasWeights = row.parameters().orElse(0) > 0;
            cells.add(row.parameters().isEmpty() ? UNKNOWN : !hasWeights ? "-" : row.trainable() ? "Y" : "N");
        }
        return cells;
    }

    /** Keras leaves the last column out where each layer follows the one above it. */
    private static boolean isChain(Outline model) {
        boolean[] used = new boolean[model.calls().size()];
        for (Outline.Call call : model.calls()) {
            if (call.inputs().size() > 1) {
                return false;
            }
            call.inputs().forEach(input -> used[input.node()] = true);
        }
        int ends = 0;
        for (boolean isUsed : used) {
            ends += isUsed ? 0 : 1;
        }
        return ends == 1
                && model.calls().stream().map(Outline.Call::layer).distinct().count() == used.length;
    }

    private List<LayerRow> rows(Outline outline, int depth) {
        List<OutlineLayer> layers = outline.layers();
        int[] numbers = new int[outline.calls().size()];
        int[] callsOf = new int[layers.size()];
        String[] shapes = new String[layers.size()];
        Arrays.fill(shapes, UNKNOWN);
        List<List<String>> connections = new ArrayList<>();
        layers.forEach(layer -> connections.add(new ArrayList<>()));
        for (int i = 0; i < numbers.length; i++) {
            Outline.Call call = outline.calls().get(i);
            numbers[i] = callsOf[call.layer()]++;
            // of several calls Keras shows the last one's shape, and the inputs of all
            shapes[call.layer()] = shapes(call.shapes());
            for (Value tensor : call.inputs()) {
                String source =
                        layers.get(outline.calls().get(tensor.node()).layer()).name();
                connections.get(call.layer()).add(source + "[" + numbers[tensor.node()] + "][" + tensor.output() + "]");
            }
        }
        List<LayerRow> rows = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            OutlineLayer layer = layers.get(i);
            if (outline.style() == Graph.Style.SEQUENTIAL && layer.isInput()) {
                continue;
            }
            if (depth > 0 && layer.operation()) {
                continue; // Keras lists a nested model's layers only
            }
            rows.add(new LayerRow(
                    layer.name(),
                    layer.className(),
                    layer.supported(),
                    shapes[i],
                    layer.parameters(),
                    layer.trainable() && layer.parameters().orElse(1) > 0,
                    depth == 0 ? connections.get(i) : List.of(),
                    depth));
            if (expanded && layer.nested().isPresent()) {
                rows.addAll(rows(layer.nested().get(), depth + 1));
            }
        }
        return rows;
    }

    private static String shapes(List<Shape> known) {
        List<String> shapes = known.stream().map(Summary::tuple).toList();
        return shapes.isEmpty() ? UNKNOWN : shapes.size() == 1 ? shapes.get(0) : shapes.toString();
    }

    private static String tuple(Shape shape) {
        return Arrays.stream(shape.dimensions())
                .mapToObj(dimension -> dimension == Shape.UNKNOWN ? "None" : String.valueOf(dimension))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** What stands below the table. */
    private record Totals(Size trained, Size fixed, Size slots) {
        Size all() {
            return trained.plus(fixed).plus(slots);
        }

        @Override
        public String toString() {
            String text =
                    " Total params: " + all() + "\n Trainable params: " + trained + "\n Non-trainable params: " + fixed;
            return slots.equals(Size.NONE) ? text : text + "\n Optimizer params: " + slots;
        }
    }

    private Totals totals() {
        Size trained = Size.NONE;
        Size fixed = Size.NONE;
        for (Outline.Variable variable : model.variables()) {
            if (variable.trained()) {
                trained = trained.plus(variable.size());
            } else {
                fixed = fixed.plus(variable.size());
            }
        }
        Size slots = !optimizer
                ? Size.NONE
                : compiled.flatMap(configuration -> OptimizerSize.of(
                                configuration,
                                model.variables().stream()
                                        .filter(Outline.Variable::trained)
                                        .toList()))
                        .orElse(Size.NONE);
        return new Totals(trained, fixed, slots);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Numbers of a model and the memory that they take. */
    record Size(long numbers, long bytes) {
        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(numbers + other.numbers, bytes + other.bytes);
        }

        /** For example {@code 1,328,517 (5.07 MB)}; Python rounds the exact binary value, half to even. */
        @Override
        public String toString() {
            double amount = bytes;
            int unit = 0;
            while (amount >= 1024 && unit < UNITS.length - 1) {
                amount /= 1024;
                unit++;
            }
            return grouped(numbers) + " ("
                    + new BigDecimal(amount).setScale(2, RoundingMode.HALF_EVEN).toPlainString() + " " + UNITS[unit]
                    + ")";
        }
    }
}
