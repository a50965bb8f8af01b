/**
 * The kernels on the Vector API: the only code that sees {@code jdk.incubator.vector}.
 *
 * <p>Nothing depends on this package; {@link dev.rekur.kernel.KernelSelection} finds {@link
 * dev.rekur.simd.SimdProvider} through {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.rekur.simd;

import org.jspecify.annotations.NullMarked;
