package io.heddle.data.parquet;

/** Converts the values of a column to doubles. A column calls the method of its physical type. */
public interface ValueSink {
    /** Returns the double of a boolean (0 or 1) or a whole number. */
    double ofLong(long value) throws ParquetFault;

    /** Returns the double of a floating-point number. */
    double ofDouble(double value) throws ParquetFault;

    /** Returns the double of some bytes. */
    double ofBytes(byte[] bytes, int from, int length) throws ParquetFault;
}
