/**
 * Benchmarks: of kernels, of the first prediction in a fresh JVM, of whole models side by side with ONNX Runtime, and of training
 * side by side with Keras and PyTorch.
 *
 * <p>{@code benchmarks/run} runs them. Nothing depends on this package; it may depend on everything.
 */
@NullMarked
package dev.rekur.benchmark;

import org.jspecify.annotations.NullMarked;
