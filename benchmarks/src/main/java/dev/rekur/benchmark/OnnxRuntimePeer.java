package dev.rekur.benchmark;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime with fused operators, at its best: all graph optimizations, input and output in direct buffers made once. */
final class OnnxRuntimePeer implements Peer {
    private final OrtSession session;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final FloatBuffer outputBuffer;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private final float[] out;

    OnnxRuntimePeer(Workload workload, int threads) {
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                session = environment.createSession(FusedOnnxModel.of(workload.model()), options);
            }
            int[] dimensions = workload.model()
                    .graph()
                    .shape(workload.model().graph().inputs().get(0))
                    .dimensions();
            long[] shape = new long[dimensions.length];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = axis == 0 ? workload.batch() : dimensions[axis];
            }
            ByteBuffer inputBytes = direct(workload.batch() * workload.rowSize());
            if (workload.takesTokens()) {
                inputBytes.asIntBuffer().put(workload.tokens());
                input = OnnxTensor.createTensor(environment, inputBytes.asIntBuffer(), shape);
            } else {
                inputBytes.asFloatBuffer().put(workload.values());
                input = OnnxTensor.createTensor(environment, inputBytes.asFloatBuffer(), shape);
            }
            out = new float[workload.batch() * workload.outputSize()];
            outputBuffer = direct(out.length).asFloatBuffer();
            output = OnnxTensor.createTensor(
                    environment, outputBuffer, new long[] {workload.batch(), workload.outputSize()});
            inputs = Map.of("input", input);
            outputs = Map.of(session.getOutputNames().iterator().next(), output);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses the model", e);
        }
    }

    private static ByteBuffer direct(int elements) {
        return ByteBuffer.allocateDirect(elements * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public float[] predict() {
        try (OrtSession.Result result = session.run(inputs, outputs)) {
            outputBuffer.get(0, out);
            return out;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot run the model", e);
        }
    }

    @Override
    public void close() {
        try {
            output.close();
            input.close();
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
