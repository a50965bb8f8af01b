package dev.rekur.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.layer.ContractVectors.Case;
import dev.rekur.layer.ContractVectors.Value;
import dev.rekur.layer.RoomStep.Fed;
import dev.rekur.layer.RoomStep.Poison;
import dev.rekur.layer.RoomStep.Result;
import dev.rekur.layer.RoomStep.Way;
import dev.rekur.layer.TrainingRoomBinding.Flow;
import dev.rekur.layer.TrainingRoomBinding.ShardMemory;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A layer bound to guarded buffers, to be trained on its own. Between forward and backward everything is poisoned that was not
 * kept; shards run in the reverse of their order, since any will do.
 */
public final class TrainingRoom {
    private final TrainingRoomBinding binding;
    private final LayerTraining training;
    private final Flow flow;
    private final int outputs;
    private final Map<String, Shape> weightShapes = new HashMap<>();

    private TrainingRoom(Layer layer, TrainingRoomBinding binding, Flow flow, int outputs) {
        this.binding = binding;
        this.flow = flow;
        this.outputs = outputs;
        binding.live()
                .keySet()
                .forEach(path -> weightShapes.put(path, binding.weight(path).shape()));
        this.training = layer.training(binding.trainingBinding());
    }

    /** The room of a case. */
    static TrainingRoom of(Layer layer, Case contract, Flow flow, long seed) {
        List<ValueKind> kinds = contract.inputs().stream().map(Value::kind).toList();
        Fed fed = Fed.of(contract);
        return of(layer, contract.weights(), fed, kinds, flow, seed);
    }

    /** A room without weights, all of whose gradients are asked for. */
    public static TrainingRoom of(Layer layer, Fed fed, long seed) {
        return of(layer, Map.of(), fed, seed);
    }

    /** A room of float inputs with weights, all of whose gradients are asked for. */
    public static TrainingRoom of(Layer layer, Map<String, FloatTensor> weights, Fed fed, long seed) {
        Flow flow = new Flow(true, indices(fed.cotangents()), indices(fed.inputs()), weights.keySet());
        List<ValueKind> kinds =
                fed.inputs().stream().map(input -> ValueKind.FLOAT).toList();
        return of(layer, weights, fed, kinds, flow, seed);
    }

    private static Set<Integer> indices(List<?> list) {
        Set<Integer> indices = new TreeSet<>();
        for (int i = 0; i < list.size(); i++) {
            indices.add(i);
        }
        return indices;
    }

    private static TrainingRoom of(
            Layer layer, Map<String, FloatTensor> weights, Fed fed, List<ValueKind> kinds, Flow flow, long seed) {
        List<Shape> shapes = fed.inputs().stream()
                .map(input -> input.shape().withBatch(Shape.UNKNOWN))
                .toList();
        List<Boolean> masked = new ArrayList<>();
        fed.masks().forEach(mask -> masked.add(mask != null));
        TrainingRoomBinding binding = TrainingRoomBinding.of(
                layer, weights, shapes, Room.taken(layer, kinds), Room.maskSteps(shapes, masked), flow, seed);
        return new TrainingRoom(layer, binding, flow, layer.outputShapes(shapes).size());
    }

    /** The weights, which the next run begins with. */
    Map<String, float[]> weights() {
        return binding.live();
    }

    /** Runs forward alone. */
    List<Tensor> forward(Fed fed) {
        Way way = Way.whole(fed.rows());
        binding.pack();
        List<ShardMemory> shards = shards(way);
        put(fed, way, shards);
        run(training.forward(), way, shards);
        return outputs(way, shards);
    }

    /** Runs a step; checks that nothing is written that belongs to others. */
    public Result run(Fed fed, Way way) {
        binding.pack();
        List<ShardMemory> shards = shards(way);
        List<Tensor> results = List.of();
        for (int time = 0; time < way.times(); time++) {
            put(fed, way, shards);
            List<Map<Slot, Object>> given = contents(shards, inputSlots());
            run(training.forward(), way, shards);
            assertThat(same(given, contents(shards, inputSlots())))
                    .as("forward leaves inputs and masks as they are")
                    .isTrue();
            results = outputs(way, shards);
            forgetWhatIsNotKept(way, shards);
            putCotangents(fed, way, shards);
            List<Map<Slot, Object>> before = contents(shards, allSlots());
            run(training.backward(), way, shards);
            assertThat(same(before, contents(shards, allSlots())))
                    .as("backward leaves inputs, outputs and masks as they are")
                    .isTrue();
            addLookedUp(way, shards);
        }
        checkGuards(way, shards);
        return new Result(results, inputGradients(way, shards), weightGradients(shards), weightsNow());
    }

    private List<ShardMemory> shards(Way way) {
        List<ShardMemory> shards = new ArrayList<>();
        int first = 0;
        for (int rows : way.shards()) {
            // room for more rows than there are, so that the two cannot be confused
            ShardMemory memory = binding.memory(rows + 2, first, way.step());
            memory.poison(
                    way.poison().number(), way.poison().integer(), way.poison().flag());
            shards.add(memory);
            first += rows;
        }
        return shards;
    }

    private void put(Fed fed, Way way, List<ShardMemory> shards) {
        for (int s = 0; s < shards.size(); s++) {
            int rows = way.shards().get(s);
            for (int input = 0; input < binding.inputPorts().size(); input++) {
                int first = shards.get(s).firstRow();
                Room.put(
                        shards.get(s),
                        binding.input(input),
                        Rows.of(fed.inputs().get(input), first, rows));
                Slot mask = binding.inputMask(input);
                if (mask != null) {
                    Tensor flags = Objects.requireNonNull(fed.masks().get(input));
                    Room.put(shards.get(s), mask, Rows.of(flags, first, rows));
                }
            }
        }
    }

    private static void run(List<TrainingOperation> operations, Way way, List<ShardMemory> shards) {
        int[] rows = way.shards().stream().mapToInt(Integer::intValue).toArray();
        for (TrainingOperation operation : operations) {
            if (operation instanceof TrainingOperation.WholeBatch whole) {
                whole.run(shards, rows);
                continue;
            }
            for (int s = rows.length - 1; s >= 0; s--) {
                ((TrainingOperation.EachShard) operation).run(shards.get(s), rows[s]);
            }
        }
    }

    private List<Tensor> outputs(Way way, List<ShardMemory> shards) {
        List<Tensor> results = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            results.add(joined(way, shards, binding.output(output), binding.outputShape(output)));
        }
        return results;
    }

    private static Tensor joined(Way way, List<ShardMemory> shards, Slot slot, Shape shape) {
        List<Tensor> parts = new ArrayList<>();
        for (int s = 0; s < shards.size(); s++) {
            parts.add(Room.get(shards.get(s), slot, shape.withBatch(way.shards().get(s))));
        }
        return Rows.join(parts);
    }

    private List<Slot> inputSlots() {
        List<Slot> slots = new ArrayList<>();
        for (int input = 0; input < binding.inputPorts().size(); input++) {
            slots.add(binding.input(input));
            Slot mask = binding.inputMask(input);
            if (mask != null) {
                slots.add(mask);
            }
        }
        return slots;
    }

    /** Buffers that others read as well. */
    private List<Slot> allSlots() {
        List<Slot> slots = inputSlots();
        for (int output = 0; output < outputs; output++) {
            slots.add(binding.output(output));
            if (binding.computesMask(output)) {
                slots.add(binding.outputMask(output));
            }
        }
        return slots;
    }

    private static List<Map<Slot, Object>> contents(List<ShardMemory> shards, List<Slot> slots) {
        List<Map<Slot, Object>> contents = new ArrayList<>();
        for (ShardMemory shard : shards) {
            Map<Slot, Object> copies = new HashMap<>();
            for (Slot slot : slots) {
                copies.put(
                        slot,
                        switch (slot.kind()) {
                            case FLOAT -> shard.floats(slot).clone();
                            case INT -> shard.ints(slot).clone();
                            default -> shard.flags(slot).clone();
                        });
            }
            contents.add(copies);
        }
        return contents;
    }

    private static boolean same(List<Map<Slot, Object>> before, List<Map<Slot, Object>> after) {
        for (int s = 0; s < before.size(); s++) {
            for (Map.Entry<Slot, Object> entry : before.get(s).entrySet()) {
                Object[] pair = {entry.getValue()};
                if (!Arrays.deepEquals(pair, new Object[] {after.get(s).get(entry.getKey())})) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Others may have used the memory by the time that backward runs. */
    private void forgetWhatIsNotKept(Way way, List<ShardMemory> shards) {
        Poison poison = way.poison();
        for (ShardMemory shard : shards) {
            for (Slot slot : binding.slots()) {
                if (!binding.isKept(slot)) {
                    shard.poison(slot, poison.number(), poison.integer(), poison.flag());
                }
            }
        }
    }

    private void putCotangents(Fed fed, Way way, List<ShardMemory> shards) {
        for (int output : flow.outputs()) {
            Slot slot = Objects.requireNonNull(binding.outputGradient(output));
            FloatTensor cotangent = Objects.requireNonNull(fed.cotangents().get(output));
            for (int s = 0; s < shards.size(); s++) {
                ShardMemory shard = shards.get(s);
                Room.put(
                        shard,
                        slot,
                        Rows.of(cotangent, shard.firstRow(), way.shards().get(s)));
            }
        }
    }

    private void addLookedUp(Way way, List<ShardMemory> shards) {
        for (TrainingRoomBinding.LookedUp lookedUp : binding.lookedUp()) {
            int features = weightShapes.get(lookedUp.path()).dimension(1);
            for (int s = 0; s < shards.size(); s++) {
                ShardMemory shard = shards.get(s);
                float[] sum = shard.gradients().get(lookedUp.path());
                float[] vectors = shard.floats(lookedUp.vectors());
                for (int i = 0; i < way.shards().get(s) * lookedUp.ids().rowSize(); i++) {
                    int at = shard.at(lookedUp.ids()) + i;
                    int id = lookedUp.ids().kind() == ValueKind.INT
                            ? shard.ints(lookedUp.ids())[at]
                            : (int) shard.floats(lookedUp.ids())[at];
                    for (int j = 0; j < features; j++) {
                        sum[id * features + j] += vectors[shard.at(lookedUp.vectors()) + i * features + j];
                    }
                }
            }
        }
    }

    private static void checkGuards(Way way, List<ShardMemory> shards) {
        Poison poison = way.poison();
        for (ShardMemory shard : shards) {
            assertThat(shard.guardsHold(poison.number(), poison.integer(), poison.flag()))
                    .as("nothing is written outside")
                    .isTrue();
            assertThat(shard.slackIsUntouched())
                    .as("nothing is written behind gradients of weights")
                    .isTrue();
        }
    }

    private List<@Nullable FloatTensor> inputGradients(Way way, List<ShardMemory> shards) {
        List<@Nullable FloatTensor> gradients = new ArrayList<>();
        for (int input = 0; input < binding.inputPorts().size(); input++) {
            Slot slot = binding.inputGradient(input);
            gradients.add(slot == null ? null : (FloatTensor) joined(way, shards, slot, binding.inputShape(input)));
        }
        return gradients;
    }

    private Map<String, FloatTensor> weightGradients(List<ShardMemory> shards) {
        Map<String, FloatTensor> gradients = new LinkedHashMap<>();
        for (String path : flow.weights()) {
            float[] sum = new float[weightShapes.get(path).size()];
            for (ShardMemory shard : shards) {
                float[] part = shard.gradients().get(path);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += part[i];
                }
            }
            gradients.put(path, FloatTensor.wrap(weightShapes.get(path), sum));
        }
        return gradients;
    }

    private Map<String, FloatTensor> weightsNow() {
        Map<String, FloatTensor> weights = new LinkedHashMap<>();
        binding.live().forEach((path, values) -> {
            Shape shape = weightShapes.get(path);
            weights.put(path, FloatTensor.wrap(shape, Arrays.copyOf(values, shape.size())));
        });
        return weights;
    }
}
