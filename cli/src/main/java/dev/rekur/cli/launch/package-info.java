/**
 * What has to happen before the {@code rekur} command can run: it is built where sources are newer, and the JVM gets its
 * options. For the scripts {@code rekur} and {@code rekur.cmd} alone.
 */
@NullMarked
package dev.rekur.cli.launch;

import org.jspecify.annotations.NullMarked;
