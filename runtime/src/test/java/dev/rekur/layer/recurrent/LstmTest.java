package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerContract;

class LstmTest extends LayerContract {
    LstmTest() {
        super("LSTM");
    }
}
