package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.Rekur;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.json.JsonReader;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The package of Keras 2 repeats outputs at masked steps of a Bidirectional; a newer file can hold that only where nobody reads them. */
class MaskedStepsTest {
    private static final String INPUT =
            "{'class_name':'InputLayer','config':{'name':'x','batch_input_shape':[null,4,3]}}";
    private static final String MASKING = INPUT + ",{'class_name':'Masking','config':{'name':'m','mask_value':0.0}}";
    private static final String SEQUENCES = ",{'class_name':'Bidirectional','config':{'name':'b','merge_mode':'concat',"
            + "'layer':{'class_name':'SimpleRNN','config':{'name':'r','units':2,'return_sequences':true}}}}";
    private static final String DENSE = ",{'class_name':'Dense','config':{'name':'d','units':2,'activation':'tanh'}}";
    private static final String LAST = ",{'class_name':'LSTM','config':{'name':'l','units':2}}";
    private static final KerasVersion OLD = new KerasVersion(2, 3, false);

    @TempDir
    private Path folder;

    @Test
    void maskedStepsRepeatTheOutputBeforeThemInThePackageAndAreZerosInTensorFlow() {
        Tensor input = input();
        FloatTensor repeated = (FloatTensor) model(MASKING + SEQUENCES, OLD).predict(input);
        FloatTensor zeros = (FloatTensor)
                model(MASKING + SEQUENCES, new KerasVersion(2, 4, true)).predict(input);
        for (int unit = 0; unit < 2; unit++) { // the forward half; the last step is masked
            assertThat(repeated.get(3 * 4 + unit)).isEqualTo(repeated.get(2 * 4 + unit));
            assertThat(zeros.get(3 * 4 + unit)).isZero();
        }
    }

    @Test
    void layersThatTensorFlow21ComputesInOneKernelRepeatAndOthersDoNot() {
        KerasVersion tensorFlow21 = new KerasVersion(2, 2, true);
        for (String layer : List.of("LSTM", "GRU")) {
            String resets = layer.equals("GRU") ? "'units':2,'reset_after':true," : "'units':2,";
            String fused = MASKING + SEQUENCES.replace("SimpleRNN", layer).replace("'units':2,", resets);
            String other = fused.replace("'units':2,", "'units':2,'use_bias':false,");
            assertThat(lastForwardOutput(model(fused, tensorFlow21))).as(layer).isNotZero();
            assertThat(lastForwardOutput(model(other, tensorFlow21))).as(layer).isZero();
            assertThat(lastForwardOutput(model(fused, new KerasVersion(2, 4, true))))
                    .as(layer)
                    .isZero();
        }
        assertThat(lastForwardOutput(model(MASKING + SEQUENCES, tensorFlow21))).isZero();
    }

    /** Of the first row, whose last step is masked. */
    private static float lastForwardOutput(Model model) {
        return ((FloatTensor) model.predict(input())).get(3 * 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MASKING + SEQUENCES + LAST,
                MASKING + SEQUENCES + DENSE + LAST,
                MASKING + SEQUENCES + ",{'class_name':'BatchNormalization','config':{'name':'n','axis':[-1]}}" + LAST,
                INPUT + SEQUENCES,
                INPUT + SEQUENCES + DENSE
            })
    void whatNobodyReadsIsNoDifference(String layers) {
        Model model = model(layers, OLD);
        for (SaveOptions options : List.of(SaveOptions.KERAS_3, SaveOptions.KERAS_2)) {
            Path file = folder.resolve("saved.h5");
            model.save(file, options);
            float[] expected = ((FloatTensor) model.predict(input())).toArray();
            assertThat(((FloatTensor) Rekur.load(file).predict(input())).toArray())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MASKING + SEQUENCES,
                MASKING + SEQUENCES + DENSE,
                MASKING + SEQUENCES + ",{'class_name':'Masking','config':{'name':'again','mask_value':0.0}}" + LAST,
                MASKING + SEQUENCES + ",{'class_name':'LayerNormalization','config':{'name':'n','axis':[1]}}" + LAST
            })
    void whatIsReadIsRefused(String layers) {
        Model model = model(layers, OLD);
        for (SaveOptions options : List.of(SaveOptions.KERAS_3, SaveOptions.KERAS_2)) {
            assertThatExceptionOfType(UnsupportedModelException.class)
                    .isThrownBy(() -> model.save(folder.resolve("refused.h5"), options))
                    .withMessageContaining("what recurrent layers put out at masked steps");
        }
    }

    private static Tensor input() {
        float[] values = RandomModels.floats(new Random(2), 2 * 4 * 3);
        Arrays.fill(values, 9, 12, 0);
        return Tensor.of(values, 2, 4, 3);
    }

    /** A model of some Keras with weights at random. */
    private static Model model(String layers, KerasVersion version) {
        String json = "{'class_name':'Sequential','config':{'name':'s','layers':[" + layers + "]}}";
        Map<String, Object> root =
                JsonReader.readObject(json.replace('\'', '"'), what -> new IllegalArgumentException(what));
        return RandomModels.read(root, version);
    }
}
