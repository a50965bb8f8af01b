/**
 * Reads HDF5 that nobody vouches for: groups, attributes and datasets as Keras writes them, from memory, without
 * following any link out of the file; and writes the same, {@link dev.rekur.format.hdf5.Hdf5Writer}. The formats next to
 * it use it; it knows nothing of models.
 *
 * <p>Written after the HDF5 File Format Specification 3.0 ("the specification" below).
 */
@NullMarked
package dev.rekur.format.hdf5;

import org.jspecify.annotations.NullMarked;
