package dev.rekur.layer.core;

class GaussianNoiseTest extends RandomLayerContract {
    GaussianNoiseTest() {
        super("GaussianNoise", "stddev");
    }
}
