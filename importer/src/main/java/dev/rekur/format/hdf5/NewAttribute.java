package dev.rekur.format.hdf5;

import java.util.List;

/** An attribute to be written. */
sealed interface NewAttribute {
    /**
     * Texts in the file's heap, each of any length.
     *
     * @param scalar whether there is one, and no list
     * @param utf8 whether the file says that they are UTF-8, which they always are
     */
    record LongTexts(List<String> texts, boolean scalar, boolean utf8) implements NewAttribute {
        public LongTexts {
            texts = List.copyOf(texts);
        }
    }

    /** Texts side by side, padded with zeros. */
    record FixedTexts(List<String> texts) implements NewAttribute {
        public FixedTexts {
            texts = List.copyOf(texts);
        }

        /** Bytes of each; HDF5 has no type of none. */
        int width() {
            return Math.max(
                    1,
                    texts.stream()
                            .mapToInt(text -> NewGroup.utf8(text).length)
                            .max()
                            .orElse(1));
        }
    }

    /** Numbers. */
    record Numbers(NewDataset values) implements NewAttribute {}
}
