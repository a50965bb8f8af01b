package dev.rekur.benchmark;

/** Something that predicts a workload. */
interface Peer extends AutoCloseable {
    /** Predicts the whole batch; the result is the peer's own, row by row, and good until the next call. */
    float[] predict();

    @Override
    void close();

    /**
     * @param name {@code rekur}, {@code rekur-scalar} or {@code onnxruntime}
     * @param threads that it may use
     */
    static Peer of(String name, Workload workload, int threads) {
        return switch (name) {
            case "rekur" -> new RekurPeer(workload, threads, dev.rekur.kernel.KernelSelection.auto());
            case "rekur-scalar" -> new RekurPeer(workload, threads, dev.rekur.kernel.KernelSelection.scalar());
            case "onnxruntime" -> new OnnxRuntimePeer(workload, threads);
            default -> throw new IllegalArgumentException("no such peer: " + name);
        };
    }
}
