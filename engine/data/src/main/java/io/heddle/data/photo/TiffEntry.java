package io.heddle.data.photo;

/**
 * An entry of an image directory of a TIFF file with unsigned whole numbers.
 *
 * @param at offset of the first number in the file
 * @param bytes bytes of each number
 * @param numbers the numbers, none if the entry has another type
 */
record TiffEntry(long at, int bytes, long[] numbers) {
    static final TiffEntry NONE = new TiffEntry(0, 0, new long[0]);
}
