package dev.rekur.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a folder, and what is said of the rest. */
class ModelEntriesTest {
    private final List<String> warnings = new ArrayList<>();
    private final ModelEntries entries = new ModelEntries(warnings::add);

    @TempDir
    Path folder;

    @Test
    void aConfigurationAndItsWeightsAreOneModel() throws IOException {
        write("one.json", "{\"class_name\": \"Sequential\"}");
        write("one.weights.h5", "");
        write("sharded.json", "{\"class_name\": \"Sequential\"}");
        write("sharded.weights.json", "{}");
        write("sharded_00000.weights.h5", "");

        List<ModelEntry> models = entries.models(folder);

        assertThat(models)
                .containsExactly(
                        new ModelEntry("one", at("one.json"), Optional.of(at("one.weights.h5"))),
                        new ModelEntry("sharded", at("sharded.json"), Optional.of(at("sharded.weights.json"))));
    }

    @Test
    void aFileWithEverythingInItComesBeforeItsParts() throws IOException {
        write("a.keras", "");
        write("a.json", "{\"class_name\": \"Sequential\"}");
        write("a.weights.h5", "");
        assertThat(entries.models(folder)).containsExactly(new ModelEntry("a", at("a.keras"), Optional.empty()));
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatLooksLikeAModelAndIsNoneIsSaidOnce() throws IOException {
        write("alone.json", "{\"module\": \"keras\", \"class_name\": \"Functional\", \"config\": {}}");
        write("lost.weights.h5", "");
        Files.createDirectory(at("empty.keras"));
        entries.models(folder);
        entries.models(folder);
        assertThat(warnings)
                .containsExactly(
                        at("alone.json")
                                + " is not served: a configuration without weights; put alone.weights.h5 beside it",
                        at("empty.keras") + " is not served: a folder without the config.json of an unpacked model",
                        at("lost.weights.h5")
                                + " is not served: weights without their model; put lost.json beside them");
    }

    @Test
    void whatIsNoModelIsNoConcern() throws IOException {
        write("labels.json", "[\"a\"]");
        write("a.labels.json", "{\"labels\": []}");
        write("README.md", "");
        write(".hidden.keras", "");
        Files.createDirectory(at("sub"));
        assertThat(entries.models(folder)).isEmpty();
        assertThat(entries.folders(folder)).containsExactly(at("sub"));
        assertThat(warnings).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkThatLeadsNowhereIsSaid() throws IOException {
        Files.createSymbolicLink(at("current.keras"), at("removed.keras"));
        Files.createSymbolicLink(at("model"), at("nowhere"));
        assertThat(entries.models(folder)).isEmpty();
        assertThat(entries.folders(folder)).isEmpty();
        assertThat(warnings)
                .containsExactly(
                        at("current.keras") + " is not served: a link that leads nowhere",
                        at("model") + " is not served: a link that leads nowhere");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aNameThatCannotBeReadKeepsNobodyElseFromBeingServed() throws Exception {
        write("good.keras", "");
        // a byte that is no UTF-8 and no ASCII; Java can make no such name
        new ProcessBuilder("sh", "-c", "cp good.keras \"$(printf 'bad\\351.keras')\"")
                .directory(folder.toFile())
                .start()
                .waitFor();
        assertThat(folder.toFile().list()).hasSize(2);

        assertThat(entries.models(folder)).extracting(ModelEntry::name).containsExactly("good");
        assertThat(warnings).singleElement().asString().contains("its name cannot be read", "C.UTF-8");
    }

    @Test
    void aFolderBelowThatCannotBeListedKeepsNobodyElseFromBeingServed() throws IOException {
        write("good.keras", "");
        Files.createDirectory(at("lost+found"));
        assertThat(entries.folders(folder)).containsExactly(at("lost+found"));
        Files.delete(at("lost+found")); // not even an administrator can list it now
        assertThat(entries.models(at("lost+found"))).isEmpty();
        assertThat(entries.folders(at("lost+found"))).isEmpty();
        assertThat(entries.models(folder)).extracting(ModelEntry::name).containsExactly("good");
        assertThat(warnings).singleElement().asString().contains("lost+found is not served: it cannot be listed");
    }

    @Test
    void aFolderThatWasNamedMustBeListed() {
        assertThatThrownBy(() -> entries.require(at("gone")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be listed")
                .hasMessageContaining("docs/TROUBLESHOOTING.md#");
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(at(name), content);
    }
}
