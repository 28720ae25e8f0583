package io.heddle.cli.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.data.DataFormatException;
import java.util.List;

/**
 * What the classes of an NPZ file's labels are called: a JSON list beside the arrays, for NumPy's own texts are no
 * numbers, and NumPy hands over as bytes whatever is no array.
 */
public final class ClassNames {
    /** The entry's name within the archive. */
    public static final String ENTRY = "classes.json";

    /** More than this is no list of names. */
    static final int MOST_BYTES = 1 << 22;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};

    private ClassNames() {}

    /** The entry's content. */
    public static byte[] bytes(List<String> names) throws JsonProcessingException {
        return JSON.writeValueAsBytes(names);
    }

    /**
     * Names the classes of labels that are their numbers.
     *
     * @param place what to call the archive in an error
     * @throws DataFormatException if the content is no list of names, or a number has none
     */
    static Labels name(long[] numbers, byte[] content, String place) throws DataFormatException {
        List<String> names;
        try {
            names = JSON.readValue(content, NAMES);
        } catch (java.io.IOException e) {
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
