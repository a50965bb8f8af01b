package dev.rekur.layer.core;

class GaussianDropoutTest extends RandomLayerContract {
    GaussianDropoutTest() {
        super("GaussianDropout", "rate");
    }
}
