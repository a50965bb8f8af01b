package dev.rekur.layer.recurrent;

class SimpleRnnTest extends RecurrentContract {
    SimpleRnnTest() {
        super("SimpleRNN");
    }
}
