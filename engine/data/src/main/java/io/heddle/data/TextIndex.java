package io.heddle.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers the distinct texts of a column in the order in which they first appear, without an object for each cell. */
public final class TextIndex {
    /** An index without texts. */
    public TextIndex() {}

    /** What a text takes in the Java heap beside its characters: an object, its array, its place in list and table. */
    private static final int BYTES_EACH = 80;

    private final List<String> texts = new ArrayList<>();
    private int[] hashes = new int[16];
    /** Numbers of texts plus 1, at places that follow from their hashes; 0 where there is none. */
    private int[] table = new int[64];

    private long characters;

    /** The number of a text, which is new or has appeared before. */
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

    /** The number of a text. */
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

    /** Texts that differ in their last characters only have neighbouring hashes. */
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

    /** Distinct texts so far. */
    int size() {
        return texts.size();
    }

    /** The distinct texts by their numbers. */
    public List<String> texts() {
        return texts;
    }

    /** Bytes of the Java heap that this takes, about. */
    public long bytes() {
        return 2 * characters + (long) BYTES_EACH * texts.size();
    }
}
