package dev.rekur.inference;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.MaskRule;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.TokenIds;
import dev.rekur.layer.recurrent.InputProjection;
import dev.rekur.layer.recurrent.SequenceLayer;
import dev.rekur.layer.recurrent.TokenProjection;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An Embedding and the recurrent layer after it, as {@link FoldEmbeddings} joins them. Takes token ids, then initial
 * states.
 *
 * @param embeddingName name of the embedding, for messages
 */
record FoldedEmbedding(String embeddingName, Embedding embedding, SequenceLayer sequence) implements Layer {
    /** Path of the embedding's weight; all others are the recurrent layer's. */
    static final String EMBEDDINGS = "embeddings";

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
    public MaskRule maskRule(int output) {
        return embedding.maskZero() && sequence.maskRule(output) == MaskRule.PASS ? MaskRule.COMPUTE : MaskRule.DROP;
    }

    @Override
    public Operation forward(Binding binding) {
        TokenIds ids = new TokenIds(embeddingName, binding.input(0), embedding.inputDim());
        int time = binding.inputShape(0).dimension(1);
        List<Slot> masks = new ArrayList<>();
        for (int output = 0; maskRule(output) == MaskRule.COMPUTE; output++) {
            masks.add(binding.outputMask(output));
        }
        boolean explicitMask = binding.inputMask(0) != null;
        if (embedding.maskZero() && masks.isEmpty() && !explicitMask) {
            masks.add(binding.scratchFlags(time));
        }
        Binding inner =
                masks.isEmpty() || explicitMask ? binding : new MaskedBinding(binding, masks.get(0));
        List<InputProjection> projections = new ArrayList<>();
        for (SequenceLayer.Cell cell : sequence.cells()) {
            projections.add(TokenProjection.bind(binding, cell, ids, time, binding.weight(EMBEDDINGS)));
        }
        Operation recurrence = sequence.forward(inner, projections);
        return (workspace, rows) -> {
            for (int i = 0; i < masks.size(); i++) {
                Slot mask = masks.get(i);
                Embedding.maskPadding(ids, workspace.flags(mask), workspace.at(mask), workspace, rows * time);
            }
            recurrence.run(workspace, rows);
        };
    }
}
