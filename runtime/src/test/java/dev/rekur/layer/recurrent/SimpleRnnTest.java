package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerContract;

class SimpleRnnTest extends LayerContract {
    SimpleRnnTest() {
        super("SimpleRNN");
    }
}
