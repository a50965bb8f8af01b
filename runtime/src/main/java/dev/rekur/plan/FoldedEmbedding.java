package dev.rekur.plan;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Port;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.TokenIds;
import dev.rekur.layer.recurrent.DistinctTokens;
import dev.rekur.layer.recurrent.InputProjection;
import dev.rekur.layer.recurrent.SequenceLayer;
import dev.rekur.layer.recurrent.TokenProjection;
import dev.rekur.layer.recurrent.TrainedProjection;
import dev.rekur.layer.recurrent.TrainedTokenProjection;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An Embedding and the recurrent layer after it, as {@link FoldEmbeddings} joins them. Takes token ids, then initial
 * states.
 *
 * @param embeddingName name of the embedding, for messages
 */
public record FoldedEmbedding(String embeddingName, Embedding embedding, SequenceLayer sequence) implements Layer {
    /** Path of the embedding's weight; all others are the recurrent layer's. */
    public static final String EMBEDDINGS = "embeddings";

    @Override
    public String className() {
        return "Embedding + " + sequence.className();
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        List<WeightSpec> weights = new ArrayList<>(embedding.weights(inputs.subList(0, 1)));
        weights.addAll(sequence.weights(embedded(inputs)));
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return sequence.outputShapes(embedded(inputs));
    }

    private List<Shape> embedded(List<Shape> inputs) {
        List<Shape> embedded = new ArrayList<>(embedding.outputShapes(inputs.subList(0, 1)));
        embedded.addAll(inputs.subList(1, inputs.size()));
        return embedded;
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return input == 0 ? embedding.takes(0, kind) : sequence.takes(input, kind);
    }

    @Override
    public int vocabularySize(int input) {
        return input == 0 ? embedding.inputDim() : 0;
    }

    @Override
    public boolean usesCarriedMask(int inputs) {
        return sequence.usesCarriedMask(inputs);
    }

    @Override
    public boolean isStateful() {
        return sequence.isStateful();
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        if (!embedding.maskZero()) {
            return sequence.outputMask(output, masks);
        }
        Shape ids = masks.inputs().get(0);
        List<@Nullable Shape> heeded = new ArrayList<>(masks.masks());
        heeded.set(0, ids);
        OutputMask passed = sequence.outputMask(output, new InputMasks(embedded(masks.inputs()), heeded));
        return passed instanceof OutputMask.OfInput ? new OutputMask.Computed(ids) : passed;
    }

    @Override
    public Operation forward(Binding binding) {
        TokenIds ids = TokenIds.of(binding, embeddingName, embedding.inputDim());
        int time = binding.inputShape(0).dimension(1);
        Slot explicitMask = binding.inputMask(0);
        boolean heedsPadding = heedsPadding(binding);
        List<Slot> masks = masks(binding, time, heedsPadding);
        Binding inner = heedsPadding ? masked(binding, masks.get(0)) : binding;
        List<InputProjection> projections = new ArrayList<>();
        for (SequenceLayer.Cell cell : sequence.cells()) {
            projections.add(TokenProjection.bind(binding, cell, ids, time, binding.weight(EMBEDDINGS)));
        }
        Operation recurrence = sequence.forward(inner, projections);
        return (workspace, rows) -> {
            for (int i = 0; i < masks.size(); i++) {
                writeMask(workspace, rows * time, ids, explicitMask, masks.get(i));
            }
            recurrence.run(workspace, rows);
        };
    }

    /** Whether the recurrent layer heeds the mask that the embedding makes of padding: no explicit one, which would replace it. */
    private boolean heedsPadding(Binding binding) {
        return embedding.maskZero() && binding.inputMask(0) == null && sequence.usesCarriedMask(binding.inputs());
    }

    /** The same binding, but that the first input carries another mask. */
    private static Binding masked(Binding binding, Slot mask) {
        List<Port> inputs = new ArrayList<>(binding.inputPorts());
        inputs.set(0, inputs.get(0).withMask(mask, inputs.get(0).shape()));
        return binding.connectedTo(inputs, binding.outputPorts());
    }

    /** The masks to be written: those that go on, and at least one if padding is heeded. */
    private static List<Slot> masks(Binding binding, int time, boolean heedsPadding) {
        List<Slot> masks = new ArrayList<>();
        for (Port output : binding.outputPorts()) {
            if (output.mask() != null) {
                masks.add(output.mask());
            }
        }
        if (heedsPadding && masks.isEmpty()) {
            masks.add(binding.scratchFlags(time));
        }
        return masks;
    }

    /** Paths of the embeddings as seen from the recurrent layer, whose name the stage has. */
    private String embeddings() {
        return "/" + embeddingName + "/" + EMBEDDINGS;
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        TokenIds ids = TokenIds.of(binding, embeddingName, embedding.inputDim());
        int time = binding.inputShape(0).dimension(1);
        Slot explicitMask = binding.inputMask(0);
        boolean heedsPadding = heedsPadding(binding);
        List<Slot> masks = masks(binding, time, heedsPadding);
        DistinctTokens tokens =
                new DistinctTokens(binding, ids, time, binding.padded(embeddings()), embedding.outputDim());
        List<TrainedProjection> projections = new ArrayList<>();
        for (SequenceLayer.Cell cell : sequence.cells()) {
            projections.add(new TrainedTokenProjection(binding, cell, tokens));
        }
        LayerTraining walked = sequence.training(binding, projections, heedsPadding ? masks.get(0) : explicitMask);
        List<TrainingOperation> forward = new ArrayList<>();
        forward.add(tokens.collect());
        for (Slot mask : masks) {
            forward.add((TrainingOperation.EachShard)
                    (workspace, rows) -> writeMask(workspace, rows * time, ids, explicitMask, mask));
        }
        forward.addAll(walked.forward());
        if (!walked.backward().isEmpty()) {
            binding.addRows(embeddings(), tokens);
        }
        return new LayerTraining(forward, walked.backward());
    }

    /** The mask that goes on is the one that was heeded: the explicit one, if there is one. */
    private static void writeMask(
            Workspace workspace, int count, TokenIds ids, @Nullable Slot explicitMask, Slot mask) {
        boolean[] flags = workspace.flags(mask);
        if (explicitMask == null) {
            Embedding.maskPadding(ids, flags, workspace.at(mask), workspace, count);
        } else {
            System.arraycopy(
                    workspace.flags(explicitMask), workspace.at(explicitMask), flags, workspace.at(mask), count);
        }
    }
}
