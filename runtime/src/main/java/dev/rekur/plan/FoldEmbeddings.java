package dev.rekur.plan;

import dev.rekur.graph.Value;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.recurrent.SequenceLayer;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Folds an Embedding into the input projection of the recurrent layer after it, if nobody else uses it: the projection
 * of a token is then looked up, not computed.
 */
public final class FoldEmbeddings {
    /** The table of projected tokens may be this much larger than the embeddings themselves. */
    private static final int LARGEST_GROWTH = 4;

    /** Floats that the table may have in any case, 64 MiB. */
    private static final long LARGEST_TABLE = 1 << 24;

    private FoldEmbeddings() {}

    /** Folds whatever is worth it. */
    public static Stages apply(Stages stages) {
        return apply(stages, (embedding, sequence) -> true);
    }

    /**
     * Folds what is worth it in training, where dropout between the two needs the embeddings one by one.
     *
     * @param kept names of layers whose output somebody else needs
     */
    public static Stages applyInTraining(Stages stages, Set<String> kept) {
        return apply(
                stages,
                (embedding, sequence) -> !kept.contains(embedding.name())
                        && ((SequenceLayer) sequence.layer())
                                .cells().stream()
                                        .allMatch(cell -> cell.layer().options().dropout() == 0));
    }

    private static Stages apply(Stages stages, BiPredicate<Stage, Stage> allowed) {
        Map<Value, Integer> uses = stages.uses();
        List<@Nullable Stage> folded = new ArrayList<>(stages.stages());
        for (int i = 0; i < folded.size(); i++) {
            Stage stage = folded.get(i);
            if (stage == null || !(stage.layer() instanceof SequenceLayer sequence)) {
                continue;
            }
            Value input = stage.inputs().get(0);
            Stage before = folded.get(input.node());
            if (before != null
                    && before.layer() instanceof Embedding embedding
                    && uses.getOrDefault(input, 0) == 1
                    && carriesNoMask(before.inputs().get(0), folded)
                    && (stage.mask(0) == null || stage.masksPass())
                    && isWorthwhile(embedding, sequence)
                    && allowed.test(before, stage)) {
                List<Value> inputs = new ArrayList<>(before.inputs());
                inputs.addAll(stage.inputs().subList(1, stage.inputs().size()));
                folded.set(
                        i,
                        new Stage(
                                stage.name(),
                                new FoldedEmbedding(before.name(), embedding, sequence),
                                path -> path.equals(FoldedEmbedding.EMBEDDINGS)
                                        ? before.weights().apply(path)
                                        : stage.weights().apply(path),
                                inputs,
                                stage.masks(),
                                stage.masksPass()));
            }
        }
        return new Stages(folded, stages.inputs(), stages.outputs()).prune();
    }

    /** An Embedding ends the mask of its ids, a recurrent layer heeds one: folding must not bring them together. */
    private static boolean carriesNoMask(Value ids, List<@Nullable Stage> stages) {
        Stage producer = stages.get(ids.node());
        return producer != null && !mayCarryMask(producer, ids.output());
    }

    /** Whether an output carries a mask if all inputs do. */
    private static boolean mayCarryMask(Stage producer, int output) {
        List<Shape> shapes = new ArrayList<>();
        producer.inputs().forEach(input -> shapes.add(Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, Shape.UNKNOWN)));
        return producer.layer().outputMask(output, new InputMasks(shapes, shapes)) != OutputMask.NONE;
    }

    private static boolean isWorthwhile(Embedding embedding, SequenceLayer sequence) {
        long width = 0;
        for (SequenceLayer.Cell cell : sequence.cells()) {
            width += (long) cell.layer().gates() * cell.layer().units();
        }
        return width <= (long) LARGEST_GROWTH * embedding.outputDim() && width * embedding.inputDim() <= LARGEST_TABLE;
    }
}
