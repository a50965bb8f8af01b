/** File formats: Keras's models, HDF5, NumPy's arrays. */
module dev.rekur.importer {
    requires transitive dev.rekur.runtime;
    requires org.slf4j;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    exports dev.rekur.format.numpy;

    provides dev.rekur.model.GraphReader with
            dev.rekur.format.keras.KerasGraphs;
    provides dev.rekur.format.ModelFormat with
            dev.rekur.format.keras.KerasArchive,
            dev.rekur.format.keras.KerasHdf5,
            dev.rekur.format.keras.KerasJson;
    provides dev.rekur.model.ModelWriter with
            dev.rekur.format.keras.KerasArchiveWriter,
            dev.rekur.format.keras.KerasHdf5Writer,
            dev.rekur.format.keras.KerasJsonWriter,
            dev.rekur.format.keras.KerasWeightsWriter;
}
