package dev.rekur.format.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A group to be written: attributes in the order given, children in the order of their names' bytes. */
public final class NewGroup {
    /** HDF5 looks children up by comparing bytes, so they must lie in that order. */
    private final SortedMap<String, Object> children =
            new TreeMap<>((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));

    private final Map<String, NewAttribute> attributes = new LinkedHashMap<>();

    /** The group at a path below this one, made if it is not there. Several slashes in a row count as one. */
    public NewGroup group(String path) {
        NewGroup group = this;
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                Object child = group.children.computeIfAbsent(name, made -> new NewGroup());
                if (!(child instanceof NewGroup found)) {
                    throw new IllegalArgumentException("'" + path + "': '" + name + "' is a dataset");
                }
                group = found;
            }
        }
        return group;
    }

    /** Puts a dataset at a path below this group. */
    public NewGroup dataset(String path, NewDataset dataset) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        NewGroup parent = slash < 0 ? this : group(path.substring(0, slash));
        if (name.isEmpty() || parent.children.putIfAbsent(name, dataset) != null) {
            throw new IllegalArgumentException("'" + path + "' is taken, or is no name");
        }
        return this;
    }

    /** A text of any length. */
    public NewGroup text(String name, String value) {
        return put(name, new NewAttribute.LongTexts(List.of(value), true, true));
    }

    /** A text of any length that Python shall take for bytes: the file does not say that it is UTF-8. */
    public NewGroup byteText(String name, String value) {
        return put(name, new NewAttribute.LongTexts(List.of(value), true, false));
    }

    /** A list of texts of any length that Python shall take for bytes. */
    public NewGroup byteTexts(String name, List<String> values) {
        return put(name, new NewAttribute.LongTexts(values, false, false));
    }

    /** A list of texts that are stored with the length of the longest; at most 64 kB altogether. */
    public NewGroup fixedTexts(String name, List<String> values) {
        return put(name, new NewAttribute.FixedTexts(values));
    }

    /** A number, or a list of them if there are extents. */
    public NewGroup numbers(String name, NewDataset values) {
        return put(name, new NewAttribute.Numbers(values));
    }

    private NewGroup put(String name, NewAttribute attribute) {
        if (attributes.putIfAbsent(name, attribute) != null) {
            throw new IllegalArgumentException("attribute '" + name + "' is there already");
        }
        return this;
    }

    /** {@link NewGroup} and {@link NewDataset} by name. */
    SortedMap<String, Object> children() {
        return children;
    }

    Map<String, NewAttribute> attributes() {
        return attributes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
