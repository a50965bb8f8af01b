/**
 * Reads zip archives that nobody vouches for. Only the formats next to it use it; it knows none of them.
 */
@NullMarked
package dev.rekur.format.zip;

import org.jspecify.annotations.NullMarked;
