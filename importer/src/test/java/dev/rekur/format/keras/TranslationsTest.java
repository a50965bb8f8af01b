package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.error.UnsupportedModelException;
import dev.rekur.model.Model;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration that means something else than the model is refused. */
class TranslationsTest {
    private static final String MODEL = "{'class_name':'Sequential','config':{'name':'s','layers':["
            + "{'class_name':'InputLayer','config':{'name':'x','batch_input_shape':[null,4,3]}},"
            + "{'class_name':'LSTM','config':{'name':'r','units':2,'dropout':0.5,'recurrent_dropout':0.25}}]}}";

    private final Model model = HardSigmoidsTest.read(MODEL);

    @Test
    void theSameIsTheSame() {
        require(MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'dropout':0.5", "'recurrent_dropout':0.25", "'units':2"})
    void anotherRateIsAnotherLayer(String setting) {
        String other = MODEL.replace(setting, setting.substring(0, setting.indexOf(':')) + ":1");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> require(other))
                .withMessageContaining("'r' (LSTM)");
    }

    private void require(String json) {
        Translations.requireSame(model, HardSigmoidsTest.root(json), 2, new HardSigmoids(model, 2), new ArrayList<>());
    }
}
