package io.heddle.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The native library on which Smile's linear algebra rests; its classifiers and clusterings do without. */
public final class SmileLibraries {
    /** Linux and Windows; elsewhere Smile itself looks for other names. */
    private static final String OPENBLAS =
            System.getProperty("os.name").startsWith("Windows") ? "libopenblas" : "openblas";

    private SmileLibraries() {}

    /** OpenBLAS's name for its kernel on this machine, or nothing where there is no OpenBLAS for Smile. */
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
            throw new IllegalStateException("OpenBLAS does not tell its kernel", e);
        }
    }

    /** What to say before a comparison. */
    public static String report() {
        return openBlasKernel()
                .map(kernel -> "Smile's linear algebra runs on the system's OpenBLAS (kernel " + kernel + ").")
                .orElseGet(() -> "Smile finds no " + System.mapLibraryName(OPENBLAS)
                        + ": its PCA rows fall out. On Debian and Ubuntu it comes with"
                        + " apt-get install libopenblas-dev liblapacke-dev libarpack2-dev.");
    }
}
