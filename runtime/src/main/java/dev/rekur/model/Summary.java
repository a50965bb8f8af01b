package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.SummaryTable.Align;
import dev.rekur.model.SummaryTable.Column;
import dev.rekur.tensor.Shape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The table that Keras 3.15 prints for a model, character for character, as {@link #toString}.
 *
 * <p>Follows {@code keras/src/utils/summary_utils.py}. It describes the model as it was before it was saved; a model
 * that Keras has loaded again shows its optimizer too, which {@link #optimizer} asks for.
 *
 * <p>Immutable: each option gives another summary.
 */
public final class Summary {
    /** Width of the line where nothing else is asked for. */
    public static final int LINE_LENGTH = 80;

    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

    private final Model model;
    private final int lineLength;
    private final boolean trainable;
    private final boolean optimizer;
    private final boolean expanded;

    private Summary(Model model, int lineLength, boolean trainable, boolean optimizer, boolean expanded) {
        this.model = model;
        this.lineLength = lineLength;
        this.trainable = trainable;
        this.optimizer = optimizer;
        this.expanded = expanded;
    }

    /** The summary with Keras's defaults, {@value #LINE_LENGTH} columns wide. */
    public static Summary of(Model model) {
        return new Summary(model, LINE_LENGTH, false, false, false);
    }

    /** The same, in lines of another length. */
    public Summary lineLength(int characters) {
        return new Summary(model, characters, trainable, optimizer, expanded);
    }

    /** The same, with a column that says which layers can be trained. */
    public Summary showTrainable() {
        return new Summary(model, lineLength, true, optimizer, expanded);
    }

    /** The same with the optimizer's variables, if the file says how the model was compiled. */
    public Summary optimizer() {
        return new Summary(model, lineLength, trainable, true, expanded);
    }

    /** The same, with the layers of models inside the model below each of them. */
    public Summary expandNested() {
        return new Summary(model, lineLength, trainable, optimizer, true);
    }

    /**
     * A row of the table.
     *
     * @param name the layer's name
     * @param className Keras's name of its class
     * @param outputShape as Keras writes it: {@code (None, 100, 128)}, of several outputs a list
     * @param parameters numbers in its weights
     * @param trainable Keras's flag; no layer without weights has it
     * @param connectedTo where its inputs come from: {@code dense[0][0]}
     * @param depth how many models it is inside of, the one summarized not counted
     */
    public record LayerRow(
            String name,
            String className,
            String outputShape,
            long parameters,
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
        return model.graph().name();
    }

    /** The rows of the table, in its order. */
    public List<LayerRow> layers() {
        return rows(model.graph(), 0);
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
     * @throws dev.rekur.InvalidInputException if the line length is too short
     */
    @Override
    public String toString() {
        Graph graph = model.graph();
        boolean chain = graph.style() == Graph.Style.SEQUENTIAL || isChain(graph);
        SummaryTable table = new SummaryTable(columns(chain), lineLength);
        for (LayerRow row : rows(graph, 0)) {
            table.add(cells(row, chain));
        }
        return "Model: \"" + graph.name() + "\"\n" + table.text() + totals();
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
        cells.add(branch + row.name() + " (" + row.className() + ")");
        cells.add(row.outputShape());
        cells.add(grouped(row.parameters()));
        if (!chain) {
            cells.add(row.connectedTo().isEmpty() ? "-" : String.join(", ", row.connectedTo()));
        }
        if (trainable) {
            cells.add(row.parameters() == 0 ? "-" : row.trainable() ? "Y" : "N");
        }
        return cells;
    }

    /** Keras leaves the last column out where each layer follows the one above it. */
    private static boolean isChain(Graph graph) {
        boolean[] used = new boolean[graph.nodes().size()];
        for (Node node : graph.nodes()) {
            List<Value> inputs = tensors(node);
            if (inputs.size() > 1) {
                return false;
            }
            inputs.forEach(input -> used[input.node()] = true);
        }
        int ends = 0;
        for (boolean isUsed : used) {
            ends += isUsed ? 0 : 1;
        }
        return ends == 1
                && graph.nodes().stream().map(Node::layer).distinct().count()
                        == graph.nodes().size();
    }

    /** The tensors of a call in Keras's order: those given by place, then the mask, which is given by name. */
    private static List<Value> tensors(Node node) {
        List<Value> tensors = new ArrayList<>(node.inputs());
        node.masks().stream().filter(Objects::nonNull).forEach(tensors::add);
        return tensors;
    }

    private List<LayerRow> rows(Graph graph, int depth) {
        List<Node> nodes = graph.nodes();
        List<List<Shape>> inferred = InferredShapes.of(graph);
        int[] batches = new int[nodes.size()];
        int[] calls = new int[nodes.size()];
        Map<GraphLayer, Integer> callsOf = new HashMap<>();
        Map<GraphLayer, String> shapes = new HashMap<>();
        Map<GraphLayer, List<String>> connections = new HashMap<>();
        for (int i = 0; i < batches.length; i++) {
            Node node = nodes.get(i);
            calls[i] = callsOf.merge(node.layer(), 1, Integer::sum) - 1;
            batches[i] = batch(node, batches);
            // of several calls Keras shows the last one's shape, and the inputs of all
            shapes.put(node.layer(), shapes(inferred.get(i), batches[i]));
            List<String> sources = connections.computeIfAbsent(node.layer(), layer -> new ArrayList<>());
            for (Value tensor : tensors(node)) {
                sources.add(
                        graph.node(tensor).layer().name() + "[" + calls[tensor.node()] + "][" + tensor.output() + "]");
            }
        }
        List<LayerRow> rows = new ArrayList<>();
        for (GraphLayer layer : graph.layers()) {
            if (graph.style() == Graph.Style.SEQUENTIAL && layer.layer() instanceof InputLayer) {
                continue;
            }
            if (depth > 0 && layer.isOperation()) {
                continue; // Keras lists a nested model's layers only
            }
            rows.add(new LayerRow(
                    layer.name(),
                    layer.layer().className(),
                    shapes.getOrDefault(layer, "?"),
                    parameters(layer.weights()),
                    layer.trainable() && !layer.weights().isEmpty(),
                    depth == 0 ? connections.getOrDefault(layer, List.of()) : List.of(),
                    depth));
            if (expanded && layer.layer() instanceof NestedModel nested) {
                rows.addAll(rows(nested.graph(), depth + 1));
            }
        }
        return rows;
    }

    /** The graph leaves the batch open; a file that fixes it does so in the input layers. */
    private static int batch(Node node, int[] batches) {
        if (node.layer().layer() instanceof InputLayer input && input.shape().rank() > 0) {
            return input.shape().dimension(0);
        }
        for (Value tensor : tensors(node)) {
            if (batches[tensor.node()] != Shape.UNKNOWN) {
                return batches[tensor.node()];
            }
        }
        return Shape.UNKNOWN;
    }

    private static String shapes(List<Shape> inferred, int batch) {
        List<String> shapes = inferred.stream()
                .map(shape -> shape.rank() > 0 && shape.dimension(0) == Shape.UNKNOWN ? shape.withBatch(batch) : shape)
                .map(Summary::tuple)
                .toList();
        return shapes.size() == 1 ? shapes.get(0) : shapes.toString();
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
        List<OptimizerSize.Variable> variables = new ArrayList<>();
        for (GraphLayer layer : model.graph().flat().layers()) {
            int bytes = VariableSize.bytes(layer.config());
            for (WeightSpec weight : layer.weights()) {
                Size size = new Size(
                        weight.shape().size(), (long) bytes * weight.shape().size());
                if (layer.trains(weight)) {
                    trained = trained.plus(size);
                    variables.add(
                            new OptimizerSize.Variable(layer.name() + "/" + weight.path(), weight.shape(), bytes));
                } else {
                    fixed = fixed.plus(size);
                }
            }
        }
        Size slots = Size.NONE;
        if (optimizer) {
            slots = model.compileConfiguration()
                    .flatMap(configuration -> OptimizerSize.of(configuration, variables))
                    .orElse(Size.NONE);
        }
        return new Totals(trained, fixed, slots);
    }

    private static long parameters(List<WeightSpec> weights) {
        return weights.stream().mapToLong(weight -> weight.shape().size()).sum();
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
