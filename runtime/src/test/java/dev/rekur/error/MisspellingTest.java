package dev.rekur.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MisspellingTest {
    private static final List<String> NAMES = List.of("Adam", "RMSprop", "SGD");

    @Test
    void theNearestNameIsMeantInUpperOrLowerCase() {
        assertThat(Misspelling.meant(NAMES, "adm")).isEqualTo("; did you mean Adam?");
        assertThat(Misspelling.meant(NAMES, "rmspop")).isEqualTo("; did you mean RMSprop?");
        assertThat(Misspelling.meant(NAMES, "conjugate")).isEmpty();
    }

    @Test
    void whichThereAreIsSaidInEitherCase() {
        assertThat(Misspelling.among(NAMES, "adm")).isEqualTo("; did you mean Adam? There are Adam, RMSprop, SGD");
        assertThat(Misspelling.among(NAMES, "conjugate")).isEqualTo("; there are Adam, RMSprop, SGD");
    }
}
