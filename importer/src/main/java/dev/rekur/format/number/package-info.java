/** Number formats that the JDK does not know; for the file formats next to it. */
@NullMarked
package dev.rekur.format.number;

import org.jspecify.annotations.NullMarked;
