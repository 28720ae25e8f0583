package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Converts a {@link TablePreprocessor} to and from a part of a model file: strings as metadata, numbers as tensors. */
final class PreprocessingText {
    static final String KEY = "preprocessing";
    private static final String SHIFT = KEY + ".shift";
    private static final String FACTOR = KEY + ".factor";
    private static final String FILL = KEY + ".fill";

    private PreprocessingText() {}

    static void write(TablePreprocessor preprocessor, List<Tensor> tensors, Map<String, String> metadata) {
        List<FittedColumn> columns = preprocessor.columns();
        List<Object> described = new ArrayList<>();
        double[] shift = new double[columns.size()];
        double[] factor = new double[columns.size()];
        double[] fill = new double[columns.size()];
        for (int j = 0; j < shift.length; j++) {
            FittedColumn column = columns.get(j);
            described.add(described(column));
            shift[j] = column.shift();
            factor[j] = column.factor();
            // Tensors hold only finite numbers; the treatment defines whether the value is used.
            fill[j] = Double.isNaN(column.fill()) ? 0 : column.fill();
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("named", Boolean.toString(preprocessor.named()));
        all.put("columns", described);
        StringBuilder text = new StringBuilder();
        HeaderJson.write(all, text);
        metadata.put(KEY, text.toString());
        tensors.add(Tensor.of(SHIFT, shift));
        tensors.add(Tensor.of(FACTOR, factor));
        tensors.add(Tensor.of(FILL, fill));
    }

    private static Map<String, Object> described(FittedColumn column) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", column.column().name());
        entry.put("kind", word(column.column().kind()));
        entry.put("encoding", word(column.treatment().encoding()));
        entry.put("missing", word(column.treatment().missing()));
        entry.put("indicator", Boolean.toString(column.treatment().indicator()));
        if (column.column().kind() == Column.Kind.CATEGORY) {
            entry.put("other", Boolean.toString(column.other()));
            entry.put("categories", column.column().categories());
        }
        return entry;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidInputException if the parts are inconsistent */
    static TablePreprocessor read(TensorFile tensors) throws DataFormatException {
        double[] shift = tensors.doubles(SHIFT);
        double[] factor = tensors.doubles(FACTOR);
        double[] fill = tensors.doubles(FILL);
        try {
            Map<String, Object> all = HeaderJson.parse(tensors.text(KEY));
            if (all.get("columns") instanceof List<?> described
                    && described.size() == shift.length
                    && shift.length == factor.length
                    && shift.length == fill.length) {
                List<FittedColumn> columns = new ArrayList<>();
                for (int j = 0; j < shift.length; j++) {
                    columns.add(column(described.get(j), shift[j], factor[j], fill[j]));
                }
                return TablePreprocessor.of(columns, flag(all, "named"));
            }
        } catch (HeaderJson.SyntaxException | IllegalArgumentException e) {
            if (e instanceof InvalidInputException told) {
                throw told;
            }
            // Reported below.
        }
        throw tensors.fault("is damaged: its preprocessing is not valid");
    }

    private static FittedColumn column(Object described, double shift, double factor, double fill) {
        Map<?, ?> entry = described instanceof Map<?, ?> map ? map : Map.of();
        Column.Kind kind = constant(entry, "kind", Column.Kind.class);
        Treatment.Missing missing = constant(entry, "missing", Treatment.Missing.class);
        List<String> categories = new ArrayList<>();
        if (entry.get("categories") instanceof List<?> list) {
            list.forEach(category -> categories.add(text(category)));
        }
        boolean fills =
                switch (missing) {
                    case MEAN, MEDIAN, MOST_FREQUENT -> true;
                    case REFUSE, CATEGORY, DROP_ROWS -> false;
                };
        return new FittedColumn(
                new Column(text(entry.get("name")), kind, categories),
                new Treatment(constant(entry, "encoding", Treatment.Encoding.class), missing, flag(entry, "indicator")),
                shift,
                factor,
                fills ? fill : Double.NaN,
                entry.containsKey("other") && flag(entry, "other"));
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not a string");
    }

    private static boolean flag(Map<?, ?> entry, String key) {
        return switch (text(entry.get(key))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key);
        };
    }

    private static <E extends Enum<E>> E constant(Map<?, ?> entry, String key, Class<E> type) {
        return Enum.valueOf(type, text(entry.get(key)).toUpperCase(Locale.ROOT));
    }
}
