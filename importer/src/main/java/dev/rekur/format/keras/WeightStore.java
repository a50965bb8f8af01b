package dev.rekur.format.keras;

import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.hdf5.Hdf5Group;
import dev.rekur.format.hdf5.Hdf5Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Variables by path, as {@code keras/src/saving/saving_lib.py} stores them: {@code layers/dense/vars/0}. One HDF5 file,
 * or several shards that together are one.
 */
final class WeightStore {
    /** Keras 2.12 used another word for layers; Keras still looks there. */
    private static final String OLD_LAYERS = "_layer_checkpoint_dependencies";

    private static final String LAYERS = "layers";
    private static final int DEPTH_LIMIT = 64;

    private final List<Hdf5File> files;

    WeightStore(List<Hdf5File> files) {
        this.files = files;
    }

    /** The variable at a path. */
    Optional<Hdf5Dataset> dataset(String path) {
        for (Hdf5File file : files) {
            Optional<Hdf5Dataset> found = file.root().dataset(inFile(file, path));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Name of the object that holds the variables of a group; newer versions write it down. */
    Optional<String> objectName(String path) {
        for (Hdf5File file : files) {
            Optional<String> name =
                    file.root().group(inFile(file, path) + "/vars").flatMap(vars -> vars.text("name"));
            if (name.isPresent()) {
                return name;
            }
        }
        return Optional.empty();
    }

    /** Names of the groups of layers. */
    List<String> layerGroups() {
        List<String> names = new ArrayList<>();
        for (Hdf5File file : files) {
            file.root().group(inFile(file, LAYERS)).ifPresent(layers -> names.addAll(layers.names()));
        }
        return names;
    }

    /** Paths of all variables below a group. */
    List<String> datasetsBelow(String path) {
        List<String> found = new ArrayList<>();
        for (Hdf5File file : files) {
            file.root().group(inFile(file, path)).ifPresent(group -> collect(group, path, 0, found));
        }
        return found;
    }

    private static void collect(Hdf5Group group, String path, int depth, List<String> found) {
        if (depth > DEPTH_LIMIT) {
            return;
        }
        for (String name : group.names()) {
            Hdf5Node node = group.node(name).orElseThrow();
            String below = path + "/" + (name.equals(OLD_LAYERS) ? LAYERS : name);
            if (node instanceof Hdf5Group inner) {
                collect(inner, below, depth + 1, found);
            } else {
                found.add(below);
            }
        }
    }

    private static String inFile(Hdf5File file, String path) {
        return path.startsWith(LAYERS) && isOld(file)
                ? OLD_LAYERS + path.substring(LAYERS.length()).replace("/" + LAYERS + "/", "/" + OLD_LAYERS + "/")
                : path;
    }

    private static boolean isOld(Hdf5File file) {
        return !file.root().has(LAYERS) && file.root().has(OLD_LAYERS);
    }

    /** Whether the file is one of Keras 2.12. */
    boolean isOfKeras212() {
        return files.stream().anyMatch(WeightStore::isOld);
    }
}
