package dev.rekur.format.hdf5;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of a group: a heap of names, leaves of links, and a B-tree over them; sections III.A.1, III.B and III.D
 * of the specification. However many there are: the tree grows as many levels as it needs.
 */
final class GroupBlocks {
    /** Half the links of a leaf, and half the children of a node of the tree; what the HDF5 library takes by default. */
    static final int LEAF_K = 4;

    static final int TREE_K = 16;

    private static final long UNDEFINED = -1;

    /** A child: its name and what it is. */
    record Link(String name, ObjectHeaderBlock header) {}

    private final List<Block> blocks = new ArrayList<>();
    private final NameHeap heap;
    private final Subtree root;

    /**
     * @param links sorted by the bytes of their names
     */
    GroupBlocks(List<Link> links) {
        heap = new NameHeap(links);
        blocks.add(heap);
        List<Subtree> level = new ArrayList<>();
        for (int from = 0; from < links.size(); from += 2 * LEAF_K) {
            int to = Math.min(links.size(), from + 2 * LEAF_K);
            level.add(new Leaf(links.subList(from, to), heap.offsets.subList(from, to)));
        }
        blocks.addAll(level);
        int height = 0;
        do {
            level = nodes(level, height++);
            blocks.addAll(level);
        } while (level.size() > 1);
        root = level.get(0);
    }

    /** Nodes over all of a level, linked to their neighbours; one without children if there is nothing. */
    private static List<Subtree> nodes(List<Subtree> children, int height) {
        List<Subtree> nodes = new ArrayList<>();
        TreeNode previous = null;
        int from = 0;
        do {
            int to = Math.min(children.size(), from + 2 * TREE_K);
            TreeNode node = new TreeNode(height, children.subList(from, to), previous);
            if (previous != null) {
                previous.next = node;
            }
            nodes.add(node);
            previous = node;
            from = to;
        } while (from < children.size());
        return nodes;
    }

    List<Block> blocks() {
        return blocks;
    }

    long treeAddress() {
        return root.address();
    }

    long heapAddress() {
        return heap.address();
    }

    /** A part of the tree: a leaf or a node. */
    private abstract static class Subtree extends Block {
        /** Where the name of its last link lies in the heap. */
        abstract long lastName();
    }

    /** Names by their offset; offset 0 is the empty name, which is less than all others. */
    private static final class NameHeap extends Block {
        private static final int HEADER = 32;

        /** What says that no bytes of the heap are free. */
        private static final long NONE_FREE = 1;

        private final List<byte[]> names = new ArrayList<>();
        private final List<Long> offsets = new ArrayList<>();
        private final long end;

        NameHeap(List<Link> links) {
            long at = 8;
            for (Link link : links) {
                byte[] name = link.name().getBytes(StandardCharsets.UTF_8);
                names.add(name);
                offsets.add(at);
                at += padded(name.length + 1L);
            }
            end = at;
        }

        @Override
        long size() {
            return HEADER + end;
        }

        @Override
        void write(LittleEndianOutput out) throws IOException {
            out.bytes(new byte[] {'H', 'E', 'A', 'P', 0, 0, 0, 0});
            out.u64(end);
            out.u64(NONE_FREE);
            out.u64(address() + HEADER);
            out.zeros(8);
            for (byte[] name : names) {
                out.bytes(name);
                out.zeros(padded(name.length + 1L) - name.length);
            }
        }
    }

    /** Up to {@code 2 * LEAF_K} links. */
    private static final class Leaf extends Subtree {
        private static final int ENTRY = 40;

        private final List<Link> links;
        private final List<Long> names;

        Leaf(List<Link> links, List<Long> names) {
            this.links = links;
            this.names = names;
        }

        @Override
        long lastName() {
            return names.get(names.size() - 1);
        }

        @Override
        long size() {
            return 8 + 2 * LEAF_K * ENTRY;
        }

        @Override
        void write(LittleEndianOutput out) throws IOException {
            out.bytes(new byte[] {'S', 'N', 'O', 'D', 1, 0});
            out.u16(links.size());
            for (int i = 0; i < links.size(); i++) {
                out.u64(names.get(i));
                out.u64(links.get(i).header().address());
                out.zeros(24);
            }
            out.zeros((long) ENTRY * (2 * LEAF_K - links.size()));
        }
    }

    /** Up to {@code 2 * TREE_K} leaves or nodes of the level below, with the names between them. */
    private static final class TreeNode extends Subtree {
        private final int level;
        private final List<Subtree> children;
        private final @Nullable TreeNode previous;
        private @Nullable TreeNode next;

        TreeNode(int level, List<Subtree> children, @Nullable TreeNode previous) {
            this.level = level;
            this.children = children;
            this.previous = previous;
        }

        @Override
        long lastName() {
            return children.isEmpty() ? 0 : children.get(children.size() - 1).lastName();
        }

        @Override
        long size() {
            return 24 + 8 * (2 * TREE_K + 1) + 8 * 2 * TREE_K;
        }

        @Override
        void write(LittleEndianOutput out) throws IOException {
            out.bytes(new byte[] {'T', 'R', 'E', 'E', 0, (byte) level});
            out.u16(children.size());
            out.u64(previous == null ? UNDEFINED : previous.address());
            out.u64(next == null ? UNDEFINED : next.address());
            out.u64(previous == null ? 0 : previous.lastName());
            for (Subtree child : children) {
                out.u64(child.address());
                out.u64(child.lastName());
            }
            out.zeros(16L * (2 * TREE_K - children.size()));
        }
    }
}
