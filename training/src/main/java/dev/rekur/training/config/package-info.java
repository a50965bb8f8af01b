/**
 * How files hold losses, metrics, regularizers and initializers. Not exported.
 */
@NullMarked
package dev.rekur.training.config;

import org.jspecify.annotations.NullMarked;
