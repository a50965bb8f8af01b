/**
 * The {@code rekur} command: each verb is a thin call of the public API, with arguments in and text or JSON out.
 *
 * <p>Depends on everything that users install; nothing depends on it.
 */
@NullMarked
package dev.rekur.cli;

import org.jspecify.annotations.NullMarked;
