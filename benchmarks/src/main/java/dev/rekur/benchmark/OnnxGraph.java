package dev.rekur.benchmark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Puts an ONNX model together; field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxGraph {
    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;

    /** IR version 8 and operator set 17: the first with LayerNormalization. */
    private static final int IR_VERSION = 8;

    private static final int OPERATORS = 17;

    private final ProtobufMessage graph = new ProtobufMessage();
    private int nodes;

    /** Adds a node; the name of its output {@code index} is returned. */
    String node(String operator, List<String> inputs, int index, ProtobufMessage... attributes) {
        nodes++;
        ProtobufMessage node = new ProtobufMessage();
        inputs.forEach(input -> node.text(1, input));
        for (int output = 0; output <= index; output++) {
            node.text(2, output == index ? name(output) : ""); // an empty name is an output nobody wants
        }
        node.text(3, "node_" + nodes).text(4, operator);
        for (ProtobufMessage attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
        return name(index);
    }

    private String name(int output) {
        return "value_" + nodes + "_" + output;
    }

    String floats(String name, float[] values, int... shape) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return tensor(name, FLOAT, raw.array(), shape);
    }

    String longs(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return tensor(name, INT64, raw.array(), values.length);
    }

    private String tensor(String name, int type, byte[] raw, int... shape) {
        ProtobufMessage tensor = new ProtobufMessage();
        for (int dimension : shape) {
            tensor.integer(1, dimension);
        }
        graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, raw));
        return name;
    }

    void input(String name, int type, int[] shape) {
        graph.message(11, value(name, type, shape));
    }

    void output(String name, int[] shape) {
        graph.message(12, value(name, FLOAT, shape));
    }

    /** A negative dimension is any. */
    private static ProtobufMessage value(String name, int type, int[] shape) {
        ProtobufMessage dimensions = new ProtobufMessage();
        for (int dimension : shape) {
            ProtobufMessage message = new ProtobufMessage();
            dimensions.message(1, dimension < 0 ? message.text(2, "batch") : message.integer(1, dimension));
        }
        ProtobufMessage tensor = new ProtobufMessage().integer(1, type).message(2, dimensions);
        return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
    }

    static ProtobufMessage integer(String name, long value) {
        return new ProtobufMessage().text(1, name).integer(3, value).integer(20, 2);
    }

    static ProtobufMessage number(String name, float value) {
        return new ProtobufMessage().text(1, name).number(2, value).integer(20, 1);
    }

    static ProtobufMessage integers(String name, long... values) {
        ProtobufMessage attribute = new ProtobufMessage().text(1, name);
        for (long value : values) {
            attribute.integer(8, value);
        }
        return attribute.integer(20, 7);
    }

    static ProtobufMessage texts(String name, String... values) {
        ProtobufMessage attribute = new ProtobufMessage().text(1, name);
        for (String value : values) {
            attribute.bytes(9, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return attribute.integer(20, 8);
    }

    byte[] toModel() {
        ProtobufMessage operators = new ProtobufMessage().text(1, "").integer(2, OPERATORS);
        return new ProtobufMessage()
                .integer(1, IR_VERSION)
                .message(7, graph.text(2, "peer"))
                .message(8, operators)
                .toByteArray();
    }
}
