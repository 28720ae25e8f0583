package io.heddle.cli.terminal;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends the process without the destructors of native libraries.
 *
 * <p>PyTorch's destroy its tables while a thread still computes with them, and the process crashed. The C library calls
 * functions that were registered last first, so its {@code _exit}, registered now, ends the process with the same code
 * before any destructor. Java has run its shutdown hooks by then.
 */
final class NativeExit {
    private static final Path LOADED = Path.of("/proc/self/maps");
    private static final String LIBRARY = "libtorch";

    private NativeExit() {}

    /** Does nothing where PyTorch is not loaded or the C library is not that of Linux. */
    static void skipDestructors() {
        try {
            if (!Files.exists(LOADED)
                    || !Files.readString(LOADED, StandardCharsets.ISO_8859_1).contains(LIBRARY)) {
                return;
            }
            Linker linker = Linker.nativeLinker();
            SymbolLookup library = linker.defaultLookup();
            MemorySegment register = library.find("on_exit").orElse(null);
            MemorySegment exit = library.find("_exit").orElse(null);
            if (register == null || exit == null) {
                return;
            }
            int failed = (int) linker.downcallHandle(
                            register,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                    .invokeExact(exit, MemorySegment.NULL);
            assert failed == 0 : "the C library has no room for another function";
        } catch (IOException e) {
            // Where the system does not say what is loaded, the process ends in the usual way.
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
