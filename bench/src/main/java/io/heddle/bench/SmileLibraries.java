package io.heddle.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The native library of Smile's linear algebra. Its classifiers and clusterings do not need it. */
public final class SmileLibraries {
    /** Names on Linux and Windows. On other systems Smile searches for other names. */
    private static final String OPENBLAS =
            System.getProperty("os.name").startsWith("Windows") ? "libopenblas" : "openblas";

    private SmileLibraries() {}

    /** Returns OpenBLAS's name of its kernel on this machine, or nothing if Smile has no OpenBLAS. */
    public static Optional<String> openBlasKernel() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = SymbolLookup.libraryLookup(System.mapLibraryName(OPENBLAS), arena)
                    .findOrThrow("openblas_get_corename");
            MemorySegment name = (MemorySegment) Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return Optional.of(name.reinterpret(Byte.MAX_VALUE).getString(0));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS does not report its kernel", e);
        }
    }

    /** Returns the note before a comparison. */
    public static String report() {
        return openBlasKernel()
                .map(kernel -> "Smile's linear algebra runs on the system's OpenBLAS (kernel " + kernel + ").")
                .orElseGet(() -> "Smile finds no " + System.mapLibraryName(OPENBLAS)
                        + ": its PCA rows are left out. On Debian and Ubuntu, install it with"
                        + " apt-get install libopenblas-dev liblapacke-dev libarpack2-dev.");
    }
}
