package io.heddle.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void refusesDataLargerThanTheFreeMemory() {
        assertThatCode(() -> Memory.requireRoom("t.npy", 1 << 14, 16, MEGABYTE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Memory.requireRoom("t.npy", 3 << 14, 16, MEGABYTE))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        "t.npy holds 49152 x 16 values, whose 3 MB as floats exceed the 1 MB of memory that are free");
    }

    @Test
    void refusesFurtherRowsOfAnEndlessTable() {
        assertThatCode(() -> Memory.requireRoomForMore("t.csv", 1L << 40, 16, 1 << 13, MEGABYTE))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Memory.requireRoomForMore("t.csv", 5 << 14, 16, 1 << 14, MEGABYTE))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("t.csv has more rows than fit into memory: 81920 rows of 16 values take 10 MB as doubles, "
                        + "and 1 MB are free");
    }
}
