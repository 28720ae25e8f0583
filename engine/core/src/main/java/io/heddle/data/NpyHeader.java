package io.heddle.data;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The dictionary at the start of an NPY file, which NumPy writes as a Python literal.
 *
 * @param dtype of the elements
 * @param order of the bytes in an element
 * @param fortranOrder whether the first index runs fastest
 * @param shape length along each dimension
 */
record NpyHeader(Dtype dtype, ByteOrder order, boolean fortranOrder, long[] shape) {
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern STRUCTURED = Pattern.compile("['\"]descr['\"]\\s*:\\s*\\[");
    private static final Pattern FORTRAN = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([^)]*)\\)");
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    static NpyHeader parse(String text, String place) throws DataFormatException {
        if (STRUCTURED.matcher(text).find()) {
            throw new DataFormatException(
                    place + " holds records of several fields; an array of plain numbers is wanted");
        }
        String descr = only(DESCR, text, "descr", place);
        boolean fortran = only(FORTRAN, text, "fortran_order", place).equals("True");
        String[] lengths = COMMA.split(only(SHAPE, text, "shape", place).strip());
        // "3," splits into one part and "" into one empty part.
        long[] shape = new long[lengths.length == 1 && lengths[0].isEmpty() ? 0 : lengths.length];
        for (int i = 0; i < shape.length; i++) {
            if (!LENGTH.matcher(lengths[i]).matches()) {
                throw new DataFormatException(
                        "%s declares the length '%s' along dimension %d".formatted(place, lengths[i], i));
            }
            shape[i] = Long.parseLong(lengths[i]);
        }
        ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(dtype(descr, place), order, fortran, shape);
    }

    private static String only(Pattern pattern, String text, String key, String place) throws DataFormatException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new DataFormatException("%s has no readable '%s' in its NPY header".formatted(place, key));
        }
        return matcher.group(1);
    }

    private static Dtype dtype(String descr, String place) throws DataFormatException {
        String code = descr.isEmpty() || "<>|=".indexOf(descr.charAt(0)) < 0 ? descr : descr.substring(1);
        return switch (code) {
            case "b1", "?" -> Dtype.BOOL;
            case "u1" -> Dtype.UINT8;
            case "i1" -> Dtype.INT8;
            case "u2" -> Dtype.UINT16;
            case "i2" -> Dtype.INT16;
            case "u4" -> Dtype.UINT32;
            case "i4" -> Dtype.INT32;
            case "i8" -> Dtype.INT64;
            case "f2" -> Dtype.FLOAT16;
            case "f4" -> Dtype.FLOAT32;
            case "f8" -> Dtype.FLOAT64;
            case "O" ->
                throw new DataFormatException(
                        place + " holds pickled Python objects, which Heddle never unpickles: save it as numbers");
            default ->
                throw new DataFormatException(
                        "%s holds elements of type '%s'; Heddle reads bool, (u)int8 to 32, int64 and float16 to 64"
                                .formatted(place, descr));
        };
    }

    /**
     * Number of elements.
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

    /** The shape as people write it: 60000 x 784. */
    String shapeText() {
        return shape.length == 0
                ? "a single element"
                : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
    }
}
