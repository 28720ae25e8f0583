package io.heddle.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers the distinct texts of a column in the order of first appearance, without an object per cell. */
public final class TextIndex {
    /** Creates an index without texts. */
    public TextIndex() {}

    /**
     * Bytes of a text in the Java heap in addition to its characters: the object, its array, and entries of the list
     * and the table.
     */
    private static final int BYTES_EACH = 80;

    private final List<String> texts = new ArrayList<>();
    private int[] hashes = new int[16];
    /** Hash table of the numbers plus 1; 0 for an empty slot. */
    private int[] table = new int[64];

    private long characters;

    /**
     * {@return the number of a text, which may be new}
     *
     * @param text a text of the column
     * @param from first row, inclusive
     * @param to last row, exclusive
     */
    public int of(char[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        int mask = table.length - 1;
        int place = spread(hash) & mask;
        while (table[place] != 0) {
            int number = table[place] - 1;
            if (hashes[number] == hash && equal(texts.get(number), text, from, to)) {
                return number;
            }
            place = place + 1 & mask;
        }
        return add(new String(text, from, to - from), hash, place);
    }

    /**
     * {@return the number of a text}
     *
     * @param text a text of the column
     */
    public int of(String text) {
        return of(text.toCharArray(), 0, text.length());
    }

    private int add(String text, int hash, int place) {
        int number = texts.size();
        texts.add(text);
        characters += text.length();
        if (number == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * number);
        }
        hashes[number] = hash;
        table[place] = number + 1;
        if (2 * texts.size() > table.length) {
            grow();
        }
        return number;
    }

    private void grow() {
        int[] larger = new int[2 * table.length];
        int mask = larger.length - 1;
        for (int number = 0; number < texts.size(); number++) {
            int place = spread(hashes[number]) & mask;
            while (larger[place] != 0) {
                place = place + 1 & mask;
            }
            larger[place] = number + 1;
        }
        table = larger;
    }

    /** The hashes of texts that differ only in the last characters are neighbours. */
    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ mixed >>> 16;
    }

    private static boolean equal(String known, char[] text, int from, int to) {
        if (known.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (known.charAt(i - from) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of distinct texts so far. */
    int size() {
        return texts.size();
    }

    /** {@return the distinct texts in the order of their numbers} */
    public List<String> texts() {
        return texts;
    }

    /** {@return the approximate size in the Java heap, in bytes} */
    public long bytes() {
        return 2 * characters + (long) BYTES_EACH * texts.size();
    }
}
