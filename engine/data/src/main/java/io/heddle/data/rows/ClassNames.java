package io.heddle.data.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.data.Labels;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the classes of an NPZ file's labels are called: a JSON list beside the arrays, for NumPy's own texts are no
 * numbers, and NumPy hands over as bytes whatever is no array.
 */
public final class ClassNames {
    /** The entry's name within the archive. */
    public static final String ENTRY = "classes.json";

    /** More than this is no list of names. */
    public static final int MOST_BYTES = 1 << 22;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> NAMES_OF_FOLDERS = new TypeReference<>() {};

    private ClassNames() {}

    /** The entry's content. */
    public static byte[] bytes(List<String> names) throws IOException {
        return JSON.writeValueAsBytes(names);
    }

    /**
     * What the classes in the sub-folders of a folder are called, where a file beside them says so: a JSON object with
     * the name of the class for the name of the folder.
     *
     * @throws DataFormatException if there is such a file, and it is something else
     */
    public static Map<String, String> ofFolder(Path folder) throws IOException {
        Path file = folder.resolve(ENTRY);
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new DataFormatException(
                    "%s has more than the %d bytes that names may have".formatted(file, MOST_BYTES));
        }
        try {
            Map<String, String> names = JSON.readValue(Files.readAllBytes(file), NAMES_OF_FOLDERS);
            if (names != null && !names.containsValue(null)) {
                return names;
            }
        } catch (JsonProcessingException e) {
            throw new DataFormatException(file + " is no JSON object that names the classes of folders", e);
        }
        throw new DataFormatException(file + " has a class without a name");
    }

    /** The content of the file that {@link #ofFolder} reads. */
    public static byte[] bytes(Map<String, String> names) throws IOException {
        return JSON.writeValueAsBytes(names);
    }

    /**
     * Names the classes of labels that are their numbers.
     *
     * @param place what to call the archive in an error
     * @throws DataFormatException if the content is no list of names, or a number has none
     */
    public static Labels name(long[] numbers, byte[] content, String place) throws DataFormatException {
        List<String> names;
        try {
            names = JSON.readValue(content, NAMES);
        } catch (IOException e) {
            throw new DataFormatException("%s, %s is no JSON list of names".formatted(place, ENTRY), e);
        }
        if (names.contains(null)) {
            throw new DataFormatException("%s, %s has a class without a name".formatted(place, ENTRY));
        }
        int[] values = new int[numbers.length];
        for (int i = 0; i < values.length; i++) {
            if (numbers[i] < 0 || numbers[i] >= names.size()) {
                throw new DataFormatException("%s: row %d has the label %d, but %s names %d classes"
                        .formatted(place, i, numbers[i], ENTRY, names.size()));
            }
            values[i] = (int) numbers[i];
        }
        return new Labels(values, names);
    }
}
