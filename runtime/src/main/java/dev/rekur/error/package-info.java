/** The kinds of errors that Rekur reports, and the problems that they list. For users. */
@NullMarked
package dev.rekur.error;

import org.jspecify.annotations.NullMarked;
