package dev.rekur.layer.recurrent;

class LstmTest extends RecurrentContract {
    LstmTest() {
        super("LSTM");
    }
}
