package dev.rekur.training.step;

import dev.rekur.layer.HeapLimit;
import dev.rekur.plan.SlotTable;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The memory of shards, by their number. All plans share it: one runs at a time, and none finds anything in it when it begins. */
final class ShardMemories {
    private final List<Variable> trainable;
    private final List<Memory> memories = new ArrayList<>();

    /** Buffers that are as long as the largest plan so far needs, and gradients of weights. */
    static final class Memory {
        float[] floats = {};
        int[] ints = {};
        boolean[] flags = {};
        /** By trained variable; null where no plan adds anything. */
        final float[] @Nullable [] gradients;

        Memory(int variables) {
            gradients = new float[variables][];
        }

        void require(SlotTable.Layout layout) {
            HeapLimit.require("buffers of a shard of the batch", layout.bytes());
            floats = floats.length >= layout.floats() ? floats : new float[layout.floats()];
            ints = ints.length >= layout.ints() ? ints : new int[layout.ints()];
            flags = flags.length >= layout.flags() ? flags : new boolean[layout.flags()];
        }
    }

    ShardMemories(List<Variable> trainable) {
        this.trainable = trainable;
    }

    /**
     * The memory of a shard.
     *
     * @param dense indices of the trained variables that it adds to
     */
    Memory of(int shard, List<Integer> dense) {
        while (memories.size() <= shard) {
            memories.add(new Memory(trainable.size()));
        }
        Memory memory = memories.get(shard);
        for (int index : dense) {
            if (memory.gradients[index] == null) {
                memory.gradients[index] = new float[trainable.get(index).values().length];
            }
        }
        return memory;
    }

    /** Bytes that the buffers of all shards take, gradients of weights aside. */
    long sizeBytes() {
        return memories.stream()
                .mapToLong(memory -> 4L * memory.floats.length + 4L * memory.ints.length + memory.flags.length)
                .sum();
    }
}
