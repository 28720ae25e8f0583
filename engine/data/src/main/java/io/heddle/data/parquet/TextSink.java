package io.heddle.data.parquet;

import io.heddle.data.parquet.ParquetColumn.Meaning;
import io.heddle.data.parquet.ParquetColumn.Numbering;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/**
 * Converts values to text and numbers the distinct texts: text unchanged, numbers as decimals, dates as in ISO 8601.
 */
final class TextSink implements ValueSink {
    private static final double SAFE_INTEGER = 1L << 53;

    private final SchemaNode leaf;
    private final NumberSink numbers;
    private final Numbering numbering;
    private char[] buffer = new char[64];

    TextSink(SchemaNode leaf, Numbering numbering) {
        this.leaf = leaf;
        this.numbers = new NumberSink(leaf);
        this.numbering = numbering;
    }

    @Override
    public double ofLong(long value) {
        Meaning meaning = NumberSink.meaning(leaf);
        if (meaning == Meaning.BOOLEAN) {
            return number(Boolean.toString(value != 0));
        }
        if (meaning == Meaning.DATE) {
            return number(LocalDate.ofEpochDay(value).toString());
        }
        if (meaning == Meaning.TIMESTAMP) {
            long unit = NumberSink.unit(leaf);
            return number(Instant.ofEpochSecond(
                            Math.floorDiv(value, unit), Math.floorMod(value, unit) * (1_000_000_000 / unit))
                    .toString());
        }
        if (NumberSink.isDecimal(leaf)) {
            return number(BigDecimal.valueOf(value, NumberSink.scale(leaf)).toPlainString());
        }
        if (NumberSink.isUnsigned(leaf)) {
            return number(
                    leaf.type == ValueDecoder.INT32
                            ? Long.toString(value & 0xffff_ffffL)
                            : Long.toUnsignedString(value));
        }
        return number(Long.toString(value));
    }

    @Override
    public double ofDouble(double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) <= SAFE_INTEGER;
        return number(
                whole
                        ? Long.toString((long) value)
                        : leaf.type == ValueDecoder.FLOAT ? Float.toString((float) value) : Double.toString(value));
    }

    @Override
    public double ofBytes(byte[] bytes, int from, int length) throws ParquetFault {
        if (NumberSink.isDecimal(leaf)) {
            return number(numbers.decimal(bytes, from, length).toPlainString());
        }
        if (leaf.type == ValueDecoder.FIXED && NumberSink.meaning(leaf) == Meaning.TEXT) {
            ByteBuffer both = ByteBuffer.wrap(bytes, from, length);
            return number(new UUID(both.getLong(), both.getLong()).toString());
        }
        return leaf.type == ValueDecoder.BYTE_ARRAY
                ? text(bytes, from, length)
                : ofDouble(numbers.ofBytes(bytes, from, length));
    }

    private double number(String text) {
        char[] all = text.toCharArray();
        return numbering.of(all, 0, all.length);
    }

    private double text(byte[] bytes, int from, int length) throws ParquetFault {
        if (buffer.length < length) {
            buffer = new char[Math.max(length, 2 * buffer.length)];
        }
        for (int i = 0; i < length; i++) {
            if (bytes[from + i] < 0) {
                return wide(bytes, from, length);
            }
            buffer[i] = (char) bytes[from + i];
        }
        return numbering.of(buffer, 0, length);
    }

    /** Decodes a text that is not only ASCII. */
    private double wide(byte[] bytes, int from, int length) throws ParquetFault {
        try {
            CharBuffer chars = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, length));
            return numbering.of(chars.array(), 0, chars.limit());
        } catch (CharacterCodingException e) {
            throw new ParquetFault("it has bytes that are not valid UTF-8");
        }
    }
}
