package io.heddle.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class FreeMemoryTest {
    @Test
    void readsTheFiguresOfLinux() {
        List<String> lines = List.of(
                "MemTotal:       24 kB",
                "MemFree:  1 kB",
                "MemAvailable:    9 kB",
                "SwapTotal: 5 kB",
                "SwapFree:  2 kB");
        assertThat(FreeMemory.available(lines)).isEqualTo(11 << 10);
        assertThat(FreeMemory.available(List.of("MemTotal: 24 kB", "SwapFree: 2 kB")))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theHeapMayStillGrow() {
        assertThat(FreeMemory.withoutHeap(1000, 300, 100)).isEqualTo(800);
        assertThat(FreeMemory.withoutHeap(1000, 300, 300)).isEqualTo(1000);
        assertThat(FreeMemory.withoutHeap(Long.MAX_VALUE, 300, 100)).isEqualTo(Long.MAX_VALUE);
        assertThat(FreeMemory.withoutHeap(0, 300, 100)).isZero();
    }

    /** The maximum of an embedding program can be larger than the memory. */
    @Test
    void theHeapTakesAtMostHalfOfTheAvailableMemory() {
        assertThat(FreeMemory.withoutHeap(1000, 600, 100)).isEqualTo(500);
        assertThat(FreeMemory.withoutHeap(1000, 601, 100)).isEqualTo(500);
        assertThat(FreeMemory.withoutHeap(1000, Long.MAX_VALUE, 100)).isEqualTo(500);
        assertThat(FreeMemory.withoutHeap(1001, Long.MAX_VALUE, 100)).isEqualTo(501);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void largeAllocationsAreRefusedBeforeTheyAreMade() {
        long bytes = 1L << 50;
        try (Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> OffHeap.allocate(bytes, arena))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessageMatching("1073741824 MB outside of the heap are needed, and \\d+ MB are free");
        }
        assertThat(FreeMemory.bytes()).isPositive().isLessThan(bytes);
    }
}
