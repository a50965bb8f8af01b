package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerContract;

class BidirectionalTest extends LayerContract {
    BidirectionalTest() {
        super("Bidirectional");
    }
}
