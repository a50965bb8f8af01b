/** The engine: tensors, layers, graphs, inference. Formats and faster kernels are other artifacts, found as services. */
@SuppressWarnings("module") // training is compiled later
module dev.rekur.runtime {
    requires jdk.management; // whether the processor has a fused multiply-add
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.rekur;
    exports dev.rekur.error;
    exports dev.rekur.file;
    exports dev.rekur.format;
    exports dev.rekur.graph;
    exports dev.rekur.inference;
    exports dev.rekur.kernel;
    exports dev.rekur.layer;
    exports dev.rekur.layer.core;
    exports dev.rekur.layer.merging;
    exports dev.rekur.layer.normalization;
    exports dev.rekur.layer.operation;
    exports dev.rekur.layer.recurrent;
    exports dev.rekur.layer.standard;
    exports dev.rekur.layer.text;
    exports dev.rekur.model;
    exports dev.rekur.tensor;
    exports dev.rekur.plan to
            dev.rekur.training;

    uses dev.rekur.model.GraphReader;
    uses dev.rekur.format.ModelFormat;
    uses dev.rekur.model.ModelWriter;
    uses dev.rekur.model.OptimizerTranslation;
    uses dev.rekur.kernel.KernelProvider;
}
