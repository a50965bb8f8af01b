package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerContract;

class GruTest extends LayerContract {
    GruTest() {
        super("GRU");
    }
}
