/** How files are replaced: as a whole or not at all. */
@NullMarked
package dev.rekur.file;

import org.jspecify.annotations.NullMarked;
