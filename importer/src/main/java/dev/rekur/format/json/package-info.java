/** JSON that nobody vouches for, as plain maps, lists, texts, numbers and booleans. */
@NullMarked
package dev.rekur.format.json;

import org.jspecify.annotations.NullMarked;
