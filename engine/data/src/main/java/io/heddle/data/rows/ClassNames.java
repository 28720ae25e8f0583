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
 * Reads and writes the class names of an NPZ file: a JSON list as an entry of the archive. NumPy returns entries that
 * are not arrays as bytes.
 */
public final class ClassNames {
    /** Name of the entry in the archive. */
    public static final String ENTRY = "classes.json";

    /** Maximum size of a list of names in bytes. */
    public static final int MAXIMUM_BYTES = 1 << 22;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> NAMES_OF_FOLDERS = new TypeReference<>() {};

    private ClassNames() {}

    /** Returns the content of the entry. */
    public static byte[] bytes(List<String> names) throws IOException {
        return JSON.writeValueAsBytes(names);
    }

    /**
     * Returns the class names of the sub-folders of a folder, if a file next to them contains them: a JSON object of
     * class names by folder name.
     *
     * @throws DataFormatException if there is such a file with other content
     */
    public static Map<String, String> ofFolder(Path folder) throws IOException {
        Path file = folder.resolve(ENTRY);
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw new DataFormatException(
                    "%s has more than the %d bytes that names may have".formatted(file, MAXIMUM_BYTES));
        }
        try {
            Map<String, String> names = JSON.readValue(Files.readAllBytes(file), NAMES_OF_FOLDERS);
            if (names != null && !names.containsValue(null)) {
                return names;
            }
        } catch (JsonProcessingException e) {
            throw new DataFormatException(file + " is not a JSON object with the class names of folders", e);
        }
        throw new DataFormatException(file + " has a class without a name");
    }

    /** Returns the content of the file that {@link #ofFolder} reads. */
    public static byte[] bytes(Map<String, String> names) throws IOException {
        return JSON.writeValueAsBytes(names);
    }

    /**
     * Returns labels with class names from class numbers.
     *
     * @param place name of the archive in error messages
     * @throws DataFormatException if the content is not a list of names, or a number has no name
     */
    public static Labels name(long[] numbers, byte[] content, String place) throws DataFormatException {
        List<String> names;
        try {
            names = JSON.readValue(content, NAMES);
        } catch (IOException e) {
            throw new DataFormatException("%s, %s is not a JSON list of names".formatted(place, ENTRY), e);
        }
        if (names.contains(null)) {
            throw new DataFormatException("%s, %s has a class without a name".formatted(place, ENTRY));
        }
        if (names.stream().distinct().count() < names.size()) {
            throw new DataFormatException("%s, %s has a class name more than once".formatted(place, ENTRY));
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
