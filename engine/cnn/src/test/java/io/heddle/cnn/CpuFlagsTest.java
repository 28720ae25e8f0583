package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuFlagsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "fpu avx2 fma; false",
                "fpu avx512f avx512_vnni avx512_bf16x; false",
                "fpu avx512f avx512_bf16 clzero; true",
                "amx_bf16 avx512f amx_tile; true",
                "amx_tile amx_int8; false",
                "''; false",
            })
    void detectsProcessorsWithBfloat16(String flags, boolean expected) {
        String cpuinfo = "processor\t: 0\nmodel name\t: X\nflags\t\t: " + flags + "\nbugs\t\t: avx512_bf16\n";
        assertThat(CpuFlags.parse(cpuinfo).multipliesBfloat16()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "'processor: 0'"})
    void detectsNothingWithoutCpuinfo(String cpuinfo) {
        assertThat(CpuFlags.parse(cpuinfo).names()).isEmpty();
    }
}
