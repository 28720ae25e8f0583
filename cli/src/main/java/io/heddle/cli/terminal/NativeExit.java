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
 * <p>The destructors of PyTorch free tables that a running thread still uses, which crashes the process. The C library
 * calls exit handlers in reverse order of registration. Therefore {@code _exit}, registered last, ends the process with
 * the same code before any destructor runs, and after Java's shutdown hooks.
 */
final class NativeExit {
    private static final Path LOADED = Path.of("/proc/self/maps");
    private static final String LIBRARY = "libtorch";

    private NativeExit() {}

    /** Registers {@code _exit}. Does nothing if PyTorch is not loaded, or on systems other than Linux. */
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
            // The loaded libraries are not known, so the process ends as usual.
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
