/** The kernels on the Vector API. */
module dev.rekur.simd {
    requires dev.rekur.runtime;
    requires jdk.incubator.vector;
    requires static org.jspecify;

    provides dev.rekur.kernel.KernelProvider with
            dev.rekur.simd.SimdProvider;
}
