/** The rules of docs/ARCHITECTURE.md as tests, and pages that are made of the code. Nothing depends on it. */
@NullMarked
package dev.rekur.architecture;

import org.jspecify.annotations.NullMarked;
