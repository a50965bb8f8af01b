package dev.rekur.layer.core;

class SpatialDropout1DTest extends RandomLayerContract {
    SpatialDropout1DTest() {
        super("SpatialDropout1D", "rate");
    }
}
