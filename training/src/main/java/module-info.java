/** Trains models as Keras does: losses, metrics, optimizers, callbacks, and what goes wrong in a training, in words. */
module dev.rekur.training {
    requires transitive dev.rekur.runtime;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.rekur.training;
    exports dev.rekur.training.callback;
    exports dev.rekur.training.constraint;
    exports dev.rekur.training.data;
    exports dev.rekur.training.diagnosis;
    exports dev.rekur.training.initializer;
    exports dev.rekur.training.loss;
    exports dev.rekur.training.metric;
    exports dev.rekur.training.optimizer;
    exports dev.rekur.training.optimizer.schedule;
    exports dev.rekur.training.regularizer;
    exports dev.rekur.training.variable;

    provides dev.rekur.model.OptimizerTranslation with
            dev.rekur.training.translation.StoredOptimizers;
}
