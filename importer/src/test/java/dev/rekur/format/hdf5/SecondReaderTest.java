package dev.rekur.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.keras.GoldenFiles;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Compares every dataset of every golden file with what jHDF, another reader, makes of it. */
class SecondReaderTest {
    @Test
    void bothReadersSeeTheSameBits() throws IOException {
        int files = 0;
        int datasets = 0;
        for (Path path : GoldenFiles.all(".h5")) {
            byte[] bytes = Files.readAllBytes(path);
            files++;
            try (HdfFile other = HdfFile.fromBytes(bytes)) {
                for (Hdf5Dataset dataset :
                        Hdf5File.open(path.toString(), bytes, 0, bytes.length).datasets()) {
                    float[] values = dataset.floats().toArray();
                    Object expected = other.getDatasetByPath(dataset.path()).getDataFlat();
                    if (values.length > 0) { // jHDF has no arrays without elements
                        assertThat(values).as(path + " " + dataset.path()).isEqualTo(floats(expected));
                    }
                    datasets++;
                }
            }
        }
        assertThat(files).isGreaterThan(300);
        assertThat(datasets).isGreaterThan(3000);
    }

    private static float[] floats(Object array) {
        if (array instanceof float[] floats) {
            return floats;
        }
        float[] converted = new float[java.lang.reflect.Array.getLength(array)];
        for (int i = 0; i < converted.length; i++) {
            converted[i] = ((Number) java.lang.reflect.Array.get(array, i)).floatValue();
        }
        return converted;
    }
}
