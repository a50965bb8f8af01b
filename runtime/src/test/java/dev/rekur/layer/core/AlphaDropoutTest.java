package dev.rekur.layer.core;

class AlphaDropoutTest extends RandomLayerContract {
    AlphaDropoutTest() {
        super("AlphaDropout", "rate");
    }
}
