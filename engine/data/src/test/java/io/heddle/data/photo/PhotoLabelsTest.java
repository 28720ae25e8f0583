package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.MissingLabel;
import io.heddle.data.TextOptions;
import io.heddle.data.array.NpyWriter;
import io.heddle.files.DataFormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests labels in a file beside photos whose names are sorted 1, 10, 2. */
class PhotoLabelsTest {
    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private Path photos;

    @BeforeEach
    void write() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        for (String name : List.of("1.png", "2.png", "10.png")) {
            photo(name);
        }
    }

    private void photo(String name) throws IOException {
        Path file = photos.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }

    private Labels labels(String content, DataOptions options) throws IOException {
        Path file = Files.writeString(folder.resolve("labels.csv"), content);
        try (DataSource data = DataSource.open(photos.toString(), options.withLabels(file), log::add)) {
            return data.labels().orElseThrow();
        }
    }

    private List<String> names(String content, DataOptions options) throws IOException {
        Labels labels = labels(content, options);
        List<String> names = new ArrayList<>();
        for (int label : labels.values()) {
            names.add(labels.classNames().get(label));
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file,label\n1.png,one\n2.png,two\n10.png,ten\n",
                "label,path\ntwo,photos/2.png\none,photos/1.png\nten,photos\\10.png\n",
                "1.png,one\n10.png,ten\n2.png,two\n",
                "id;width;label\n2;9;two\n10;9;ten\n1;9;one\n",
                ",filename,breed\n0,10.png,ten\n1,2.png,two\n2,1.png,one\n",
                "\"1.png\",one\n\"2.png\",\"two\"\n10.png,ten\n",
            })
    void joinsRowsToFiles(String content) throws IOException {
        assertThat(names(content, DataOptions.defaults())).containsExactly("one", "ten", "two");
        assertThat(log).isEmpty();
    }

    @Test
    void namesWithFoldersDistinguishFiles() throws IOException {
        photo("a/1.png");
        photo("b/1.png");
        String content = "file,label\n1.png,top\n2.png,two\n10.png,ten\na/1.png,first\nb/1.png,second\n";

        // Beside photos in sub-folders, whose labels the file replaces.
        assertThat(names(content, DataOptions.defaults())).containsExactly("top", "ten", "two", "first", "second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file,label\n1.png,one\n3.png,two\n4.png,two\n",
                "label,file\none,1\ntwo,3\n",
                "file,label\na/1.png,one\n1.png,one\n",
            })
    void namesThatSeveralPhotosHaveAreRefused(String content) throws IOException {
        for (String name : List.of("a/1.png", "b/1.png", "c/1.png")) {
            photo(name);
        }
        for (String name : List.of("1.png", "2.png", "10.png")) {
            Files.delete(photos.resolve(name));
        }

        assertThatThrownBy(() -> labels(content, DataOptions.defaults()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(": 1")
                .hasMessageEndingWith(" can be a/1.png or b/1.png; write the path relative to " + photos);
    }

    @Test
    void refusesAmbiguousLabels() {
        assertThatThrownBy(() -> labels("file,label\n1.png,one\n", DataOptions.defaults()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("has no label for 2 of the 3 photos in %s: 10.png, 2.png".formatted(photos));
        assertThatThrownBy(() -> labels("file,label\n1.png,one\n1.png,two\n", DataOptions.defaults()))
                .hasMessageContaining("line 3: 1.png is 'two', but was 'one' before");
        assertThatThrownBy(() -> labels("file,label\n1.png,\n", DataOptions.defaults()))
                .hasMessageContaining("line 2 has no label for 1.png");
        assertThatThrownBy(() -> labels("file,label\n1.png,one\n2.png,NA\n10.png,ten\n", DataOptions.defaults()))
                .hasMessageContaining("line 3: the label of 2.png is 'NA', which means a missing label")
                .hasMessageContaining("--missing-label text");
        assertThatThrownBy(() -> labels("file,a,b\n1.png,x,y\n", DataOptions.defaults()))
                .hasMessageContaining("several columns that may be the labels: a, b; choose one with --label");
        assertThatThrownBy(() -> labels("file,label,label\n1.png,x,y\n", DataOptions.defaults()))
                .hasMessageContaining("may be the labels: label.1, label.2; choose");
        assertThatThrownBy(() -> labels(
                        "file,kind,kind\n1.png,x,y\n", DataOptions.defaults().withLabel("kind")))
                .hasMessageContaining("has 2 columns called 'kind'");
        assertThatThrownBy(() -> labels("n,label\n7,x\n8,y\n9,z\n", DataOptions.defaults()))
                .hasMessageContaining("none has the file names of the photos");
        assertThatThrownBy(
                        () -> labels("file,label\n./1.png,one\nphotos/2.png,two\n10.png,ten\n", DataOptions.defaults()))
                .as("one way of naming for all rows")
                .hasMessageContaining("has no label for 1 of the 3 photos");
        assertThatThrownBy(() -> labels("one\ntwo\nten\n", DataOptions.defaults()))
                .hasMessageContaining("by name 10.png is next, by number 2.png");
    }

    @Test
    void readsTextsOfMissingLabelsAsClassesIfRequested() throws IOException {
        String content = "file,label\n1.png,one\n2.png,NA\n10.png,ten\n11.png,\n";
        ColumnRoles roles = ColumnRoles.none().withMissingLabel(MissingLabel.TEXT);
        assertThat(names(content, DataOptions.defaults().withRoles(roles))).containsExactly("one", "ten", "NA");
        TextOptions others = TextOptions.defaults().withMissing(List.of("unknown"));
        assertThat(names(content, DataOptions.defaults().withText(others))).containsExactly("one", "ten", "NA");
    }

    @Test
    void namesRowsWithoutAPhoto() throws IOException {
        List<String> names = names(
                "file,label,split\n1.png,one,a\n2.png,two,a\n10.png,ten,b\n11.png,x,b\n",
                DataOptions.defaults().withLabel("split"));

        assertThat(names).containsExactly("a", "b", "a");
        assertThat(log)
                .singleElement()
                .asString()
                .endsWith("1 row names no photo in %s and is left out: 11.png".formatted(photos));
    }

    @Test
    void labelsWithoutNamesNeedAClearOrderOfPhotos() throws IOException {
        Files.delete(photos.resolve("10.png"));
        Path array = folder.resolve("labels.npy");
        try (var out = Files.newOutputStream(array)) {
            NpyWriter.write(new int[] {5, 4}, out);
        }

        assertThat(names("y\nn\n", DataOptions.defaults()))
                .as("as many as photos")
                .containsExactly("y", "n");
        assertThat(names("y\nn\nm\n", DataOptions.defaults()))
                .as("a name above them")
                .containsExactly("n", "m");
        try (DataSource data =
                DataSource.open(photos.toString(), DataOptions.defaults().withLabels(array), log::add)) {
            assertThat(data.labels().orElseThrow().values()).containsExactly(1, 0);
        }
        photo("10.png");
        assertThatThrownBy(() -> DataSource.open(
                        photos.toString(), DataOptions.defaults().withLabels(array), log::add))
                .hasMessageContaining("two orders");
    }

    @Test
    void labelsOfDamagedPhotosAreLeftOut() throws IOException {
        Files.delete(photos.resolve("10.png"));
        for (String name : List.of("3.png", "4.png")) {
            photo(name);
        }
        Files.writeString(photos.resolve("3.png"), "no photo");
        Path array = folder.resolve("labels.npy");
        try (var out = Files.newOutputStream(array)) {
            NpyWriter.write(new int[] {7, 6, 9, 6}, out);
        }
        DataOptions skipping = DataOptions.defaults().withSkipDamaged(true);

        assertThat(names("y\nn\nz\ny\n", skipping)).containsExactly("y", "n", "y");
        assertThat(names("label\na\nb\nz\na\n", skipping)).containsExactly("a", "b", "a");
        assertThat(labels("a\nb\nz\na\n", skipping).classNames()).containsExactly("a", "b");
        assertThat(names("file,label\n4,d\n3,\n2,b\n1,a\n", skipping)).containsExactly("a", "b", "d");
        try (DataSource data = DataSource.open(photos.toString(), skipping.withLabels(array), log::add)) {
            assertThat(data.labels().orElseThrow().values()).containsExactly(1, 0, 0);
        }
        assertThatThrownBy(() -> names("a\nb\na\n", skipping))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has 3 labels, but %s has 4 photos, of which 3 can be read".formatted(photos));
        assertThatThrownBy(() -> names("label\na\nb\na\n", skipping))
                .as("a heading above one label per readable photo")
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(
                        "the first line 'label' is the label of no other row, so it is probably the heading");
        assertThatThrownBy(() -> names("breed\na\nb\na\n", skipping))
                .as("any other heading")
                .hasMessageContaining("the first line 'breed' is the label of a photo or the heading");
        assertThatThrownBy(() -> names("0\na\nb\na\n", skipping))
                .as("the heading of a series of pandas")
                .hasMessageContaining("the first line '0' is the label of a photo or the heading");
        assertThat(names("7\n1\n2\n1\n", skipping)).containsExactly("7", "1", "1");
        assertThat(names("y\na\nb\na\n", skipping.withHeader(false))).containsExactly("y", "a", "a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",id,label\n1,10,ten\n2,1,one\n10,2,two\n",
                "Unnamed: 0,id,label\n1,10,ten\n2,1,one\n10,2,two\n",
                ",id,label\n1,10,ten\n2,1,one\n10,2,two\n11,12,other\n",
                "label,id\none,1\nten,10\ntwo,2\n",
                "rank,file,label\n1,10.png,ten\n2,1.png,one\n10,2.png,two\n",
            })
    void anIndexIsNoFileName(String content) throws IOException {
        assertThat(names(content, DataOptions.defaults())).containsExactly("one", "ten", "two");
    }

    @Test
    void labelsThatLookLikeNamesOfPhotosAreNoFileNames() throws IOException {
        assertThat(names("label,id\n2,1\n1,10\n10,2\n", DataOptions.defaults())).containsExactly("2", "1", "10");
        assertThat(names("digit,id\n2,1\n1,10\n10,2\n", DataOptions.defaults().withLabel("digit")))
                .containsExactly("2", "1", "10");
    }

    @Test
    void theIdChoosesAmongColumnsWithNamesOfPhotos() throws IOException {
        String content = "rank,id,label\n1,10,ten\n2,1,one\n10,2,two\n";
        DataOptions chosen = DataOptions.defaults().withRoles(ColumnRoles.none().withId(Optional.of("id")));

        assertThat(names(content, chosen.withLabel("label"))).containsExactly("one", "ten", "two");
        assertThat(names(content, chosen)).containsExactly("one", "ten", "two");
        assertThatThrownBy(() -> names(content, DataOptions.defaults()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("the columns 'rank' and 'id' both have names of photos")
                .hasMessageEndingWith("choose one with --id");
        assertThatThrownBy(() -> names("rank,id,label\n1,10,ten\n2,1,one\n10,12,two\n", DataOptions.defaults()))
                .as("the right column has fewer photos")
                .hasMessageEndingWith("choose one with --id");
        assertThatThrownBy(() -> names("1,10,ten\n2,1,one\n10,2,two\n", DataOptions.defaults()))
                .hasMessageContaining("the columns '1' and '2' both");
        assertThatThrownBy(() -> names(content.replace("id", "file"), chosen))
                .hasMessageContaining("has no column 'id'");
    }

    @Test
    void namesBesideLabelsInOneFieldAreRefused() throws IOException {
        Files.delete(photos.resolve("10.png"));
        DataOptions plain = DataOptions.defaults();
        for (String content :
                List.of("1.png one\n2.png two\n", "file label\n1 one\n2 two\n", "one  1.png\ntwo  2.png\n")) {
            assertThatThrownBy(() -> names(content, plain))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("is a file name beside a label; --separator space reads them as two columns");
        }
        assertThat(names("1.png one\n2.png two\n", plain.withSeparator(' '))).containsExactly("one", "two");
        assertThat(names("red fox\ngray wolf\n", plain)).containsExactly("red fox", "gray wolf");
        // Labels that look like names.
        assertThat(names("1 to 2\n1 to 2\n", plain.withSeparator('\t'))).containsExactly("1 to 2", "1 to 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 to 2,1 to 2,10 to 12", "class 1,class 1,class 2", "2 x 2,1 x 2,1 x 2", "1 1,1 2,1 1"})
    void labelsMayHaveWordsThatAreNamesOfPhotos(String lines) throws IOException {
        Files.move(photos.resolve("10.png"), photos.resolve("3.png"));
        List<String> labels = List.of(lines.split(","));
        assertThat(names(String.join("\n", labels), DataOptions.defaults())).isEqualTo(labels);
    }

    /** A photo may occur twice, and some photos may lack a line. */
    @Test
    void namesWithoutEndingsAreRefusedIfMostOccurOnce() throws IOException {
        for (int i = 11; i < 20; i++) {
            photo(i + ".png");
        }
        String rows = "1 a\n2 b\n10 a\n11 a\n12 b\n13 a\n14 b\n15 b\n16 a\n17 a\n18 b\n17 a\n";
        assertThatThrownBy(() -> names(rows, DataOptions.defaults()))
                .hasMessageContaining("line 1: '1 a' is a file name beside a label");
    }
}
