package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks up a vector for each token: {@code y[t] = E[x[t]]}.
 *
 * <p>Adjoint: {@code dE[v] = sum of dy[t] over all t with x[t] = v}.
 *
 * <p>Follows {@code keras/src/layers/core/embedding.py} of Keras 3.15, but for ids outside the vocabulary: Keras on
 * TensorFlow wraps negative ones around and gives zeros beyond the end, Rekur refuses both.
 *
 * @param inputDim size of the vocabulary
 * @param outputDim features of a vector
 * @param maskZero whether token 0 is padding, to be masked
 */
public record Embedding(int inputDim, int outputDim, boolean maskZero) implements Layer {
    public static Embedding fromConfig(LayerConfig config) {
        config.acknowledge("input_length", "lora_alpha");
        config.weight("embeddings");
        if (Boolean.TRUE.equals(config.raw("sparse"))) {
            config.problem("'sparse' output is not supported", "Set sparse=False.");
        }
        return new Embedding(config.size("input_dim"), config.size("output_dim"), config.flag("mask_zero", false));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("input_dim", inputDim).put("output_dim", outputDim).put("mask_zero", maskZero);
    }

    @Override
    public String className() {
        return "Embedding";
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return List.of(WeightSpec.of("embeddings", inputDim, outputDim));
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        int[] ids = Shapes.only(inputs).dimensions();
        int[] vectors = Arrays.copyOf(ids, ids.length + 1);
        vectors[ids.length] = outputDim;
        return List.of(Shape.of(vectors));
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.INT || kind == ValueKind.FLOAT;
    }

    @Override
    public int vocabularySize(int input) {
        return inputDim;
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return maskZero ? new OutputMask.Computed(masks.inputs().get(0)) : OutputMask.NONE;
    }

    @Override
    public Operation forward(Binding binding) {
        TokenIds ids = TokenIds.of(binding, binding.layerName(), inputDim);
        Slot output = binding.output(0);
        FloatTensor embeddings = binding.weight("embeddings");
        int perRow = ids.slot().rowSize();
        @Nullable Slot mask = maskZero ? binding.outputMask(0) : null;
        return (workspace, rows) -> {
            float[] y = workspace.floats(output);
            int at = workspace.at(output);
            for (int i = 0; i < rows * perRow; i++) {
                int id = ids.get(workspace, i);
                embeddings.copyTo(id * outputDim, y, at + i * outputDim, outputDim);
            }
            if (mask != null) {
                maskPadding(ids, workspace.flags(mask), workspace.at(mask), workspace, rows * perRow);
            }
        };
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        if (dy != null) {
            binding.addRows("embeddings", binding.input(0), dy);
        }
        return LayerTraining.withoutGradient(forward(binding));
    }

    /** Writes true for each of {@code count} tokens that is not 0. */
    public static void maskPadding(TokenIds ids, boolean[] mask, int at, Workspace workspace, int count) {
        for (int i = 0; i < count; i++) {
            mask[at + i] = ids.get(workspace, i) != 0;
        }
    }
}
