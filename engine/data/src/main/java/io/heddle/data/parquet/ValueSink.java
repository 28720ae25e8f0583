package io.heddle.data.parquet;

/** What the values of a column become: a double each. A column calls the method of its physical type. */
public interface ValueSink {
    /** The double of a truth value (0 or 1) or a whole number. */
    double ofLong(long value) throws ParquetFault;

    /** The double of a floating-point number. */
    double ofDouble(double value) throws ParquetFault;

    /** The double of some bytes. */
    double ofBytes(byte[] bytes, int from, int length) throws ParquetFault;
}
