package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.json.JsonReader;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose hard_sigmoid means something else to the Keras that is to read it predicts the same, or is refused. */
class HardSigmoidsTest {
    private static final String INPUT =
            "{'class_name':'InputLayer','config':{'name':'x','batch_input_shape':[null,4,3]}}";
    private static final String ACTIVATION =
            "{'class_name':'Activation','config':{'name':'a','activation':'hard_sigmoid'}}";

    private static final String LSTM =
            "{'class_name':'LSTM','config':{'name':'r','units':2,'recurrent_activation':'hard_sigmoid'}}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'class_name':'LSTM','config':{'name':'r','units':2,'recurrent_activation':'hard_sigmoid'}}",
                "{'class_name':'GRU','config':{'name':'r','units':2,'recurrent_activation':'hard_sigmoid','reset_after':true}}",
                "{'class_name':'GRU','config':{'name':'r','units':2,'activation':'hard_sigmoid','reset_after':false}}",
                "{'class_name':'SimpleRNN','config':{'name':'r','units':2,'activation':'hard_sigmoid','use_bias':false}}",
                "{'class_name':'TimeDistributed','config':{'name':'t','layer':{'class_name':'Dense','config':{'name':'d',"
                        + "'units':2,'activation':'hard_sigmoid'}}}}",
                "{'class_name':'Bidirectional','config':{'name':'b','layer':{'class_name':'LSTM','config':{'name':'r',"
                        + "'units':2,'recurrent_activation':'hard_sigmoid'}}}}",
                "{'class_name':'Dense','config':{'name':'d','units':2}}," + ACTIVATION,
                "{'class_name':'BatchNormalization','config':{'name':'n','axis':[-1]}}," + ACTIVATION
            })
    void weightsMakeUpForTheOtherMeaning(String layers) {
        Model model = model(layers);
        Tensor input = Tensor.of(RandomModels.floats(new Random(2), 2 * 4 * 3), 2, 4, 3);
        float[] expected = ((FloatTensor) model.predict(input)).toArray();
        Model keras3 = saved(model, SaveOptions.KERAS_3);
        assertThat(keras3.configuration().orElseThrow().kerasMajor()).isEqualTo(3);
        assertClose(((FloatTensor) keras3.predict(input)).toArray(), expected);
        Model back = saved(keras3, SaveOptions.KERAS_2);
        assertThat(back.configuration().orElseThrow().kerasMajor()).isEqualTo(2);
        assertClose(((FloatTensor) back.predict(input)).toArray(), expected);
        assertThat(((FloatTensor) saved(model, SaveOptions.KERAS_2).predict(input)).toArray())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'class_name':'LSTM','config':{'name':'r','units':2,'activation':'hard_sigmoid'}}",
                "{'class_name':'Dense','config':{'name':'d','units':2,'activation':'relu'}}," + ACTIVATION,
                "{'class_name':'BatchNormalization','config':{'name':'n','axis':[-1],'scale':false}}," + ACTIVATION,
                ACTIVATION
            })
    void whatNoWeightScalesIsRefusedByName(String layers) {
        Model model = model(layers);
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> saved(model, SaveOptions.KERAS_3))
                .withMessageContaining("'activation' = 'hard_sigmoid'");
    }

    @Test
    void aLayerThatIsUsedElsewhereTooIsNotScaled() {
        String node = "'inbound_nodes':[[['%s',0,0,{}]]]";
        String functional = "{'class_name':'Functional','config':{'name':'m','layers':["
                + "{'class_name':'InputLayer','name':'x','config':{'name':'x','batch_input_shape':[null,3]},'inbound_nodes':[]},"
                + "{'class_name':'Dense','name':'d','config':{'name':'d','units':2}," + node.formatted("x") + "},"
                + ACTIVATION.replaceFirst("\\{", "{'name':'a'," + node.formatted("d") + ",")
                + "],'input_layers':[['x',0,0]],'output_layers':[['a',0,0],['d',0,0]]}}";
        Model model = read(functional);
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> saved(model, SaveOptions.KERAS_3))
                .withMessageContaining("layer 'a'");
    }

    @Test
    void weightsAloneStayThoseOfTheConfigurationThereIs() {
        Model model = model(LSTM);
        Path configuration = saved(model, "c.json", SaveOptions.KERAS_2);
        Path weights = saved(model, "w.weights.h5", SaveOptions.DEFAULT);
        Tensor input = Tensor.of(RandomModels.floats(new Random(2), 4 * 3), 1, 4, 3);
        assertThat(Rekur.load(configuration, weights).predict(input)).isEqualTo(model.predict(input));
        Model newer = Rekur.load(
                saved(model, "c3.json", SaveOptions.KERAS_3), saved(model, "w3.weights.h5", SaveOptions.KERAS_3));
        assertThat(newer.configuration().orElseThrow().kerasMajor()).isEqualTo(3);
        assertClose(((FloatTensor) newer.predict(input)).toArray(), ((FloatTensor) model.predict(input)).toArray());
    }

    @Test
    void weightsOfAModelWithoutAnEqualAreWrittenOnlyForTheKerasItIsOf() {
        Model model = model(LSTM.replace("'units'", "'activation':'hard_sigmoid','units'"));
        Path weights = saved(model, "w.weights.h5", SaveOptions.DEFAULT);
        Tensor input = Tensor.of(RandomModels.floats(new Random(2), 4 * 3), 1, 4, 3);
        assertThat(Rekur.load(saved(model, "c.json", SaveOptions.KERAS_2), weights)
                        .predict(input))
                .isEqualTo(model.predict(input));
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> saved(model, "w.weights.h5", SaveOptions.KERAS_3))
                .withMessageContaining("'activation' = 'hard_sigmoid'");
    }

    @Test
    void aConfigurationAloneWhoseWeightsWouldBeOthersIsWrittenOnlyForAChosenKeras() {
        Model model = model(LSTM);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> saved(model, "c.json", SaveOptions.DEFAULT))
                .withMessageContaining("--keras-version 2")
                .withMessageContaining("#keras-versions");
        assertThat(folder.resolve("c.json")).doesNotExist();
        Model plain = model("{'class_name':'Dense','config':{'name':'d','units':2}}");
        assertThat(saved(plain, "c.json", SaveOptions.DEFAULT)).exists();
    }

    private static Model model(String layers) {
        return read("{'class_name':'Sequential','config':{'name':'s','layers':[" + INPUT + "," + layers + "]}}");
    }

    static Map<String, Object> root(String json) {
        return JsonReader.readObject(json.replace('\'', '"'), what -> new IllegalArgumentException(what));
    }

    /** A model of Keras 2 with weights at random. */
    static Model read(String json) {
        return RandomModels.read(root(json), KerasVersion.LAST_OF_KERAS_2);
    }

    private Model saved(Model model, SaveOptions options) {
        Path file = folder.resolve("saved.h5");
        model.save(file, options);
        return Rekur.load(file);
    }

    private Path saved(Model model, String name, SaveOptions options) {
        Path file = folder.resolve(name);
        model.save(file, options);
        return file;
    }

    private static void assertClose(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(found[i] - expected[i])).isLessThanOrEqualTo(1e-6f);
        }
    }
}
