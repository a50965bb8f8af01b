/** How file formats register and what they report. For importers; nothing here knows a format. */
@NullMarked
package dev.rekur.format;

import org.jspecify.annotations.NullMarked;
