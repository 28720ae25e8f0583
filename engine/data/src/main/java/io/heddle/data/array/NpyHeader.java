package io.heddle.data.array;

import io.heddle.files.DataFormatException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The dictionary at the start of an NPY file, which NumPy writes as a Python literal.
 *
 * @param type type of the elements, as NumPy's code without the byte order: {@code f8}, {@code U3}
 * @param order byte order of the elements
 * @param fortranOrder whether the array is in Fortran order
 * @param shape length of each dimension
 */
record NpyHeader(String type, ByteOrder order, boolean fortranOrder, long[] shape) {
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern STRUCTURED = Pattern.compile("['\"]descr['\"]\\s*:\\s*\\[([^\\]]*)");
    private static final Pattern FIELD = Pattern.compile("\\(\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern FORTRAN = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([^)]*)\\)");
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    /** Python 2 ends long integers with an L. */
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,18})[Ll]?");

    private static final Pattern TEXT = Pattern.compile("[SaU]\\d{1,9}");

    static NpyHeader parse(String text, String place) throws DataFormatException {
        Matcher structured = STRUCTURED.matcher(text);
        if (structured.find()) {
            List<String> fields = new ArrayList<>();
            FIELD.matcher(structured.group(1)).results().forEach(field -> fields.add(field.group(1)));
            throw new DataFormatException(
                    "%s holds records of several fields (%s); an array of plain numbers is required: save each field separately"
                            .formatted(place, String.join(", ", fields)));
        }
        String descr = only(DESCR, text, "descr", place);
        boolean fortran = only(FORTRAN, text, "fortran_order", place).equals("True");
        String[] lengths = COMMA.split(only(SHAPE, text, "shape", place).strip());
        // "3," splits into one part and "" into one empty part.
        long[] shape = new long[lengths.length == 1 && lengths[0].isEmpty() ? 0 : lengths.length];
        for (int i = 0; i < shape.length; i++) {
            Matcher length = LENGTH.matcher(lengths[i]);
            if (!length.matches()) {
                throw new DataFormatException(
                        "%s declares the length '%s' of dimension %d".formatted(place, lengths[i], i));
            }
            shape[i] = Long.parseLong(length.group(1));
        }
        ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(code(descr, place), order, fortran, shape);
    }

    private static String only(Pattern pattern, String text, String key, String place) throws DataFormatException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new DataFormatException("%s has no readable '%s' in its NPY header".formatted(place, key));
        }
        return matcher.group(1);
    }

    /** Checks that elements are numbers or text. */
    private static String code(String descr, String place) throws DataFormatException {
        String code = descr.isEmpty() || "<>|=".indexOf(descr.charAt(0)) < 0 ? descr : descr.substring(1);
        if (dtypeOf(code) != null || TEXT.matcher(code).matches()) {
            return code;
        }
        throw code.equals("O")
                ? new DataFormatException(
                        place + " holds pickled Python objects, which Heddle never unpickles: save it as numbers")
                : noNumbers(descr, place);
    }

    private static DataFormatException noNumbers(String code, String place) {
        return new DataFormatException(
                "%s holds elements of type '%s'; Heddle reads bool, (u)int8 to 64 and float16 to 64"
                        .formatted(place, code));
    }

    /** @return the type; null if it is not numeric */
    private static Dtype dtypeOf(String code) {
        return switch (code) {
            case "b1", "?" -> Dtype.BOOL;
            case "u1" -> Dtype.UINT8;
            case "i1" -> Dtype.INT8;
            case "u2" -> Dtype.UINT16;
            case "i2" -> Dtype.INT16;
            case "u4" -> Dtype.UINT32;
            case "i4" -> Dtype.INT32;
            case "u8" -> Dtype.UINT64;
            case "i8" -> Dtype.INT64;
            case "f2" -> Dtype.FLOAT16;
            case "f4" -> Dtype.FLOAT32;
            case "f8" -> Dtype.FLOAT64;
            default -> null;
        };
    }

    /** Returns whether elements are texts of a fixed length. */
    boolean isText() {
        return dtypeOf(type) == null;
    }

    /** Returns whether texts are UTF-32 and not bytes. */
    boolean isUnicode() {
        return type.startsWith("U");
    }

    /** @throws DataFormatException if elements are texts */
    Dtype dtype(String place) throws DataFormatException {
        Dtype dtype = dtypeOf(type);
        if (dtype == null) {
            throw noNumbers(type, place);
        }
        return dtype;
    }

    /** Returns the size of an element in bytes. */
    long elementBytes() {
        Dtype dtype = dtypeOf(type);
        return dtype != null ? dtype.bytes() : Long.parseLong(type.substring(1)) * (isUnicode() ? Integer.BYTES : 1);
    }

    /**
     * Returns the number of elements.
     *
     * @throws ArithmeticException if it exceeds 2⁶³ − 1
     */
    long elements() {
        long product = 1;
        for (long length : shape) {
            product = Math.multiplyExact(product, length);
        }
        return product;
    }

    /** Returns the shape as text: 60000 x 784. */
    String shapeText() {
        return shape.length == 0
                ? "a single element"
                : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
    }
}
