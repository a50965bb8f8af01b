package dev.rekur.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import org.bytedeco.hdf5.H5G_info_t;
import org.bytedeco.hdf5.H5O_info2_t;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Everything in an HDF5 file as the reference C library reads it, from memory. The library is not thread-safe: one lock
 * is held while a file is read, and no handle outlives it.
 *
 * @param nodes the groups and datasets below the root by their paths, and the root itself under the empty path
 */
record PresetFile(Map<String, Node> nodes) {
    private static final int DEPTH_LIMIT = 64;
    private static final Object LIBRARY = new Object();

    /** How an attribute is stored. */
    enum Kind {
        FIXED_TEXT,
        VARIABLE_TEXT,
        /** No elements, whatever their type. */
        NOTHING,
        /** No text. */
        OTHER
    }

    /**
     * An attribute.
     *
     * @param texts none unless the attribute is a text or a list of texts
     */
    record Attribute(Kind kind, List<String> texts) {}

    /**
     * A group or a dataset.
     *
     * @param dimensions null for a group
     * @param type the type of the elements in NumPy's words; empty if they are no numbers
     * @param values the elements as floats, each rounded once; null if they are no numbers
     */
    record Node(long[] dimensions, String type, float[] values, Map<String, Attribute> attributes) {
        boolean isDataset() {
            return dimensions != null;
        }
    }

    /** What the library gave out and wants back. */
    private record Handle(String call, long id, LongToIntFunction closer) implements AutoCloseable {
        Handle {
            check(call, id);
        }

        @Override
        public void close() {
            check("closing what " + call + " opened", closer.applyAsInt(id));
        }
    }

    /**
     * Loads the library; its version.
     *
     * @throws LinkageError if there is none for this platform
     */
    static String load() {
        synchronized (LIBRARY) {
            Loader.load(hdf5.class);
            check("H5open", hdf5.H5open());
            int[] major = new int[1];
            int[] minor = new int[1];
            int[] release = new int[1];
            check("H5get_libversion", hdf5.H5get_libversion(major, minor, release));
            return major[0] + "." + minor[0] + "." + release[0];
        }
    }

    /** Files, groups, datasets, types and attributes that are open in the library, its own types among them. */
    static long openHandles() {
        synchronized (LIBRARY) {
            return check("H5Fget_obj_count", hdf5.H5Fget_obj_count(hdf5.H5F_OBJ_ALL, hdf5.H5F_OBJ_ALL));
        }
    }

    static PresetFile read(byte[] bytes) {
        synchronized (LIBRARY) {
            Map<String, Node> nodes = new TreeMap<>();
            try (BytePointer image = new BytePointer(bytes);
                    Handle file = new Handle(
                            "H5LTopen_file_image", hdf5.H5LTopen_file_image(image, bytes.length, 0), hdf5::H5Fclose);
                    Handle root = new Handle("H5Oopen", hdf5.H5Oopen(file.id(), "/", 0), hdf5::H5Oclose)) {
                collect(root.id(), "", 0, nodes);
            }
            return new PresetFile(nodes);
        }
    }

    /**
     * A file, made by the library in memory, whose root has one attribute: texts of a fixed length, as older versions of
     * Keras wrote names of layers and weights.
     *
     * @param size bytes for each text
     * @param padding how the library is told to fill what a text leaves free, with zeros either way
     */
    static byte[] withFixedTexts(String attribute, int size, int padding, List<String> texts) {
        synchronized (LIBRARY) {
            try (Handle access =
                            new Handle("H5Pcreate", hdf5.H5Pcreate(hdf5.H5P_CLS_FILE_ACCESS_ID_g()), hdf5::H5Pclose);
                    BytePointer buffer = new BytePointer((long) size * texts.size());
                    Handle type = new Handle("H5Tcopy", hdf5.H5Tcopy(hdf5.H5T_C_S1_g()), hdf5::H5Tclose);
                    Handle space = new Handle(
                            "H5Screate_simple",
                            hdf5.H5Screate_simple(1, new long[] {texts.size()}, (long[]) null),
                            hdf5::H5Sclose)) {
                check("H5Tset_size", hdf5.H5Tset_size(type.id(), size));
                check("H5Tset_strpad", hdf5.H5Tset_strpad(type.id(), padding));
                check("H5Tset_cset", hdf5.H5Tset_cset(type.id(), hdf5.H5T_CSET_UTF8));
                for (int i = 0; i < texts.size(); i++) {
                    byte[] text = Arrays.copyOf(texts.get(i).getBytes(StandardCharsets.UTF_8), size);
                    buffer.position((long) i * size).put(text);
                }
                buffer.position(0);
                check("H5Pset_fapl_core", hdf5.H5Pset_fapl_core(access.id(), 1 << 16, false));
                long id = hdf5.H5Fcreate("in-memory.h5", hdf5.H5F_ACC_TRUNC, hdf5.H5P_DEFAULT, access.id());
                try (Handle file = new Handle("H5Fcreate", id, hdf5::H5Fclose)) {
                    long made = hdf5.H5Acreate2(file.id(), attribute, type.id(), space.id(), 0, 0);
                    try (Handle written = new Handle("H5Acreate2", made, hdf5::H5Aclose)) {
                        check("H5Awrite", hdf5.H5Awrite(written.id(), type.id(), buffer));
                    }
                    return image(file.id());
                }
            }
        }
    }

    private static byte[] image(long file) {
        check("H5Fflush", hdf5.H5Fflush(file, hdf5.H5F_SCOPE_GLOBAL));
        long length = check("H5Fget_file_image", hdf5.H5Fget_file_image(file, null, 0));
        byte[] bytes = new byte[(int) length];
        try (BytePointer image = new BytePointer(length)) {
            check("H5Fget_file_image", hdf5.H5Fget_file_image(file, image, length));
            image.get(bytes);
        }
        return bytes;
    }

    private static void collect(long group, String path, int depth, Map<String, Node> nodes) {
        if (depth > DEPTH_LIMIT) {
            throw new IllegalStateException("groups more than " + DEPTH_LIMIT + " levels deep at " + path);
        }
        nodes.put(path, new Node(null, "", null, attributes(group)));
        long children;
        try (H5G_info_t info = new H5G_info_t()) {
            check("H5Gget_info", hdf5.H5Gget_info(group, info));
            children = info.nlinks();
        }
        for (long i = 0; i < children; i++) {
            String name = linkName(group, i);
            String childPath = path.isEmpty() ? name : path + "/" + name;
            long id = hdf5.H5Oopen_by_idx(group, ".", hdf5.H5_INDEX_NAME, hdf5.H5_ITER_INC, i, 0);
            try (Handle child = new Handle("H5Oopen_by_idx", id, hdf5::H5Oclose)) {
                if (hdf5.H5Iget_type(child.id()) == hdf5.H5I_DATASET) {
                    nodes.put(childPath, dataset(child.id()));
                } else {
                    collect(child.id(), childPath, depth + 1, nodes);
                }
            }
        }
    }

    private static String linkName(long group, long index) {
        int byName = hdf5.H5_INDEX_NAME;
        int order = hdf5.H5_ITER_INC;
        long length = check(
                "H5Lget_name_by_idx",
                hdf5.H5Lget_name_by_idx(group, ".", byName, order, index, (BytePointer) null, 0, 0));
        try (BytePointer name = new BytePointer(length + 1)) {
            check("H5Lget_name_by_idx", hdf5.H5Lget_name_by_idx(group, ".", byName, order, index, name, length + 1, 0));
            return text(name, length);
        }
    }

    private static Map<String, Attribute> attributes(long object) {
        long count;
        try (H5O_info2_t info = new H5O_info2_t()) {
            check("H5Oget_info3", hdf5.H5Oget_info3(object, info, hdf5.H5O_INFO_NUM_ATTRS));
            count = info.num_attrs();
        }
        Map<String, Attribute> attributes = new TreeMap<>();
        for (long i = 0; i < count; i++) {
            long id = hdf5.H5Aopen_by_idx(object, ".", hdf5.H5_INDEX_NAME, hdf5.H5_ITER_INC, i, 0, 0);
            try (Handle attribute = new Handle("H5Aopen_by_idx", id, hdf5::H5Aclose)) {
                attributes.put(attributeName(attribute.id()), attribute(attribute.id()));
            }
        }
        return attributes;
    }

    private static String attributeName(long attribute) {
        long length = check("H5Aget_name", hdf5.H5Aget_name(attribute, 0, (BytePointer) null));
        try (BytePointer name = new BytePointer(length + 1)) {
            check("H5Aget_name", hdf5.H5Aget_name(attribute, length + 1, name));
            return text(name, length);
        }
    }

    private static Attribute attribute(long attribute) {
        try (Handle type = new Handle("H5Aget_type", hdf5.H5Aget_type(attribute), hdf5::H5Tclose);
                Handle space = new Handle("H5Aget_space", hdf5.H5Aget_space(attribute), hdf5::H5Sclose)) {
            int count = count(space);
            if (count == 0) {
                return new Attribute(Kind.NOTHING, List.of());
            }
            if (hdf5.H5Tget_class(type.id()) != hdf5.H5T_STRING) {
                return new Attribute(Kind.OTHER, List.of());
            }
            return check("H5Tis_variable_str", hdf5.H5Tis_variable_str(type.id())) > 0
                    ? new Attribute(Kind.VARIABLE_TEXT, variableTexts(attribute, type.id(), space.id(), count))
                    : new Attribute(Kind.FIXED_TEXT, fixedTexts(attribute, type.id(), count));
        }
    }

    /** The library allocates each text, says where it is, and takes it back. */
    private static List<String> variableTexts(long attribute, long type, long space, int count) {
        List<String> texts = new ArrayList<>();
        try (PointerPointer<BytePointer> pointers = new PointerPointer<>(count)) {
            check("H5Aread", hdf5.H5Aread(attribute, type, pointers));
            try {
                for (int i = 0; i < count; i++) {
                    BytePointer text = pointers.get(BytePointer.class, i);
                    texts.add(text == null ? "" : text(text, BytePointer.strlen(text)));
                }
            } finally {
                check("H5Treclaim", hdf5.H5Treclaim(type, space, hdf5.H5P_DEFAULT, pointers));
            }
        }
        return texts;
    }

    private static List<String> fixedTexts(long attribute, long type, int count) {
        int size = (int) check("H5Tget_size", hdf5.H5Tget_size(type));
        int padding = (int) check("H5Tget_strpad", hdf5.H5Tget_strpad(type));
        List<String> texts = new ArrayList<>();
        try (BytePointer buffer = new BytePointer((long) size * count)) {
            check("H5Aread", hdf5.H5Aread(attribute, type, buffer));
            for (int i = 0; i < count; i++) {
                byte[] text = new byte[size];
                buffer.position((long) i * size).get(text);
                texts.add(new String(text, 0, lengthOf(text, padding), StandardCharsets.UTF_8));
            }
            buffer.position(0);
        }
        return texts;
    }

    private static int lengthOf(byte[] text, int padding) {
        int length = text.length;
        if (padding == hdf5.H5T_STR_NULLTERM) {
            length = 0;
            while (length < text.length && text[length] != 0) {
                length++;
            }
            return length;
        }
        int filler = padding == hdf5.H5T_STR_SPACEPAD ? ' ' : 0;
        while (length > 0 && text[length - 1] == filler) {
            length--;
        }
        return length;
    }

    private static Node dataset(long dataset) {
        Map<String, Attribute> attributes = attributes(dataset);
        try (Handle type = new Handle("H5Dget_type", hdf5.H5Dget_type(dataset), hdf5::H5Tclose);
                Handle space = new Handle("H5Dget_space", hdf5.H5Dget_space(dataset), hdf5::H5Sclose)) {
            long rank = check("H5Sget_simple_extent_ndims", hdf5.H5Sget_simple_extent_ndims(space.id()));
            long[] dimensions = new long[(int) rank];
            check("H5Sget_simple_extent_dims", hdf5.H5Sget_simple_extent_dims(space.id(), dimensions, (long[]) null));
            int count = count(space);
            int bits = 8 * (int) check("H5Tget_size", hdf5.H5Tget_size(type.id()));
            int typeClass = hdf5.H5Tget_class(type.id());
            if (typeClass == hdf5.H5T_FLOAT) {
                return new Node(dimensions, "float" + bits, floats(dataset, bits, count), attributes);
            }
            if (typeClass == hdf5.H5T_INTEGER) {
                boolean signed = hdf5.H5Tget_sign(type.id()) != hdf5.H5T_SGN_NONE;
                float[] values = integers(dataset, signed, count);
                return new Node(dimensions, (signed ? "int" : "uint") + bits, values, attributes);
            }
            Attribute meaning = attributes.get("dtype");
            if (typeClass == hdf5.H5T_OPAQUE
                    && meaning != null
                    && meaning.texts().equals(List.of("bfloat16"))) {
                return new Node(dimensions, "bfloat16", bfloats(dataset, type.id(), count), attributes);
            }
            return new Node(dimensions, "", null, attributes);
        }
    }

    private static float[] floats(long dataset, int bits, int count) {
        boolean wide = bits > 32;
        ByteBuffer buffer =
                elements(dataset, wide ? hdf5.H5T_NATIVE_DOUBLE_g() : hdf5.H5T_NATIVE_FLOAT_g(), count, wide ? 8 : 4);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = wide ? (float) buffer.getDouble(8 * i) : buffer.getFloat(4 * i);
        }
        return values;
    }

    private static float[] integers(long dataset, boolean signed, int count) {
        long memoryType = signed ? hdf5.H5T_NATIVE_INT64_g() : hdf5.H5T_NATIVE_UINT64_g();
        ByteBuffer buffer = elements(dataset, memoryType, count, 8);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            long value = buffer.getLong(8 * i);
            values[i] = signed || value >= 0 ? (float) value : Float.parseFloat(Long.toUnsignedString(value));
        }
        return values;
    }

    /** Keras writes bfloat16, the upper half of a float, as bytes that HDF5 knows no meaning of. */
    private static float[] bfloats(long dataset, long type, int count) {
        ByteBuffer buffer = elements(dataset, type, count, 2).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
        }
        return values;
    }

    /** All elements, converted by the library to a type of this machine. */
    private static ByteBuffer elements(long dataset, long memoryType, int count, int size) {
        byte[] bytes = new byte[Math.multiplyExact(count, size)];
        if (count > 0) {
            try (BytePointer buffer = new BytePointer((long) bytes.length)) {
                check("H5Dread", hdf5.H5Dread(dataset, memoryType, hdf5.H5S_ALL, hdf5.H5S_ALL, 0, buffer));
                buffer.get(bytes);
            }
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static int count(Handle space) {
        return Math.toIntExact(check("H5Sget_simple_extent_npoints", hdf5.H5Sget_simple_extent_npoints(space.id())));
    }

    private static String text(BytePointer pointer, long length) {
        byte[] bytes = new byte[(int) length];
        pointer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long check(String call, long result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed");
        }
        return result;
    }
}
