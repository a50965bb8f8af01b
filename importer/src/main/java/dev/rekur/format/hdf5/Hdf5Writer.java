package dev.rekur.format.hdf5;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes HDF5 files that every version of the HDF5 library since 1.0 reads: superblock 0, groups as symbol tables,
 * object headers of version 1, contiguous data. Equal content makes equal bytes. All pieces of the file are lined up
 * first, which needs their sizes only; then they are written one after the other, so that a file of any size takes no
 * memory but that of one buffer.
 *
 * <p>Follows the HDF5 File Format Specification 3.0, sections II.A, III.A.1, III.B to III.E and IV.
 */
public final class Hdf5Writer {
    private static final int SUPERBLOCK_SIZE = 96;
    private static final long UNDEFINED = -1;

    private final List<Block> structure = new ArrayList<>();
    private final List<Block> data = new ArrayList<>();
    private final TextHeaps texts = new TextHeaps();
    private final ObjectHeaderBlock root;
    private final GroupBlocks rootTable;
    private final long size;

    /** A file whose root is the group, which must not change any more. */
    public Hdf5Writer(NewGroup group) {
        rootTable = table(group);
        root = header(group, rootTable);
        structure.addAll(texts.blocks());
        long at = SUPERBLOCK_SIZE;
        for (List<Block> blocks : List.of(structure, data)) {
            for (Block block : blocks) {
                block.place(at);
                at += Block.padded(block.size());
            }
        }
        size = at;
    }

    /** Bytes of the file. */
    public long sizeBytes() {
        return size;
    }

    /** Writes the file; may be called again, and then writes the same. */
    public void write(OutputStream stream) throws IOException {
        LittleEndianOutput out = new LittleEndianOutput(stream);
        writeSuperblock(out);
        for (List<Block> blocks : List.of(structure, data)) {
            for (Block block : blocks) {
                block.write(out);
                long end = block.address() + Block.padded(block.size());
                out.zeros(end - out.position());
            }
        }
        out.flush();
    }

    /** Section II.A. */
    private void writeSuperblock(LittleEndianOutput out) throws IOException {
        out.bytes(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'});
        out.zeros(5); // versions of the superblock, free space, root group; reserved; version of shared messages
        out.u8(Long.BYTES); // of an address
        out.u8(Long.BYTES); // of a length
        out.u8(0);
        out.u16(GroupBlocks.LEAF_K);
        out.u16(GroupBlocks.TREE_K);
        out.u32(0);
        out.u64(0); // base address
        out.u64(UNDEFINED); // free space
        out.u64(size);
        out.u64(UNDEFINED); // driver
        out.u64(0); // the root's name, and then its symbol table entry
        out.u64(root.address());
        out.u32(1);
        out.u32(0);
        out.u64(rootTable.treeAddress());
        out.u64(rootTable.heapAddress());
    }

    private GroupBlocks table(NewGroup group) {
        List<GroupBlocks.Link> links = new ArrayList<>();
        for (Map.Entry<String, Object> child : group.children().entrySet()) {
            ObjectHeaderBlock childHeader = child.getValue() instanceof NewGroup inner
                    ? header(inner, table(inner))
                    : header((NewDataset) child.getValue());
            links.add(new GroupBlocks.Link(child.getKey(), childHeader));
        }
        GroupBlocks table = new GroupBlocks(links);
        structure.addAll(table.blocks());
        return table;
    }

    private ObjectHeaderBlock header(NewGroup group, GroupBlocks table) {
        ObjectHeaderBlock header = new ObjectHeaderBlock();
        header.symbolTable(table);
        group.attributes().forEach((name, attribute) -> header.attribute(name, attribute, texts));
        structure.add(header);
        return header;
    }

    private ObjectHeaderBlock header(NewDataset dataset) {
        ObjectHeaderBlock header = new ObjectHeaderBlock();
        header.dataset(dataset, content(dataset));
        structure.add(header);
        return header;
    }

    private Block content(NewDataset dataset) {
        Block content = new Block() {
            @Override
            long size() {
                return dataset.sizeBytes();
            }

            @Override
            void write(LittleEndianOutput out) throws IOException {
                dataset.content().write(out);
            }
        };
        data.add(content);
        return content;
    }
}
