/** Arrays with a shape, as they cross the border of a model. For everyone; depends on nothing else of Rekur. */
@NullMarked
package dev.rekur.tensor;

import org.jspecify.annotations.NullMarked;
