/**
 * Benchmarks: of kernels, of the first prediction in a fresh JVM, and of whole models side by side with ONNX Runtime.
 *
 * <p>{@code benchmarks/run} runs them. Nothing depends on this package; it may depend on everything.
 */
@NullMarked
package dev.rekur.benchmark;

import org.jspecify.annotations.NullMarked;
