/**
 * What a layer is: its configuration, weights, shapes and computation. For layers, importers and whoever writes a layer of
 * their own; knows neither graphs nor files.
 */
@NullMarked
package dev.rekur.layer;

import org.jspecify.annotations.NullMarked;
