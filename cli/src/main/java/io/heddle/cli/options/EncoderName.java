package io.heddle.cli.options;

import io.heddle.cnn.Encoder;
import io.heddle.data.rows.NearestWord;
import io.heddle.matrix.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Checks the name of an encoder on the command line before the data are read, which can take long. */
public final class EncoderName {
    private EncoderName() {}

    /**
     * Requires an embedded encoder or a file.
     *
     * @param option option with the name
     * @throws InvalidInputException if there is no such encoder
     */
    public static void require(String option, String name) {
        require(option, name, Encoder.embeddedNames());
    }

    /** As above, with additional valid names. */
    static void require(String option, String name, Collection<String> names) {
        InvalidInputException.require(
                names.contains(name) || Files.exists(Path.of(name)),
                "there is no encoder \"%s\": %s names a file or one of %s%s",
                name,
                option,
                String.join(", ", names),
                NearestWord.to(name, names)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }
}
