package io.heddle.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.internal.memory.OffHeap;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffHeapTest {
    private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 64, 4096, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (5 << 20) + 12_345})
    void memoryIsAlignedZeroAndWritable(long bytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = OffHeap.allocate(bytes, arena);
            assertThat(memory.byteSize()).isEqualTo(bytes);
            assertThat(memory.address() % OffHeap.ALIGNMENT).isZero();
            assertThat(memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])))
                    .isEqualTo(-1);
            memory.fill((byte) 7);
            for (long i = 0; i < bytes; i += 1021) {
                assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) 7);
            }
            assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, bytes))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {64, 8 << 20})
    void memoryCannotBeUsedAfterItsArenaIsClosed(long bytes) {
        Arena arena = Arena.ofShared();
        MemorySegment memory = OffHeap.allocate(bytes, arena);
        arena.close();
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> OffHeap.allocate(bytes, arena)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void largeMemoryIsFreedWithItsArena() {
        for (int i = 0; i < 200; i++) {
            try (Arena arena = Arena.ofShared()) {
                // 200 GB in total, more than the machine has; one page of each is touched.
                OffHeap.allocate(1L << 30, arena).set(ValueLayout.JAVA_BYTE, 12_345, (byte) 1);
            }
        }
    }

    @Test
    void linuxBacksLargeMemoryWithLargePages() throws IOException {
        assumeTrue(Files.isReadable(SETTING), "no Linux with large pages");
        assumeTrue(!Files.readString(SETTING).contains("[never]"), "large pages are turned off");
        assumeTrue(OffHeap.class.getModule().isNativeAccessEnabled(), "no native access");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = OffHeap.allocate(64 << 20, arena);
            memory.fill((byte) 1);
            assertThat(memory.address() % (2 << 20)).isZero();
            assertThat(flagsOfMapping(memory.address())).contains("hg");
        }
    }

    /** The flags of the mapping that contains an address; "hg" is the advice to use large pages. */
    private static List<String> flagsOfMapping(long address) throws IOException {
        boolean within = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] ends = line.substring(0, line.indexOf(' ')).split("-");
                within =
                        Long.parseUnsignedLong(ends[0], 16) <= address && address < Long.parseUnsignedLong(ends[1], 16);
            } else if (within && line.startsWith("VmFlags:")) {
                return List.of(line.substring("VmFlags:".length()).trim().split(" "));
            }
        }
        throw new AssertionError("no mapping holds the memory");
    }
}
