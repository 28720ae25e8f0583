package io.heddle.data.fashion;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Finds the cache folder by the convention of each operating system. */
final class CacheFolder {
    private CacheFolder() {}

    /**
     * @param environment the environment variables
     * @param system name of the system, as in the property {@code os.name}
     * @param home the user's home folder
     */
    static Path locate(Map<String, String> environment, String system, Path home) {
        String xdg = environment.get("XDG_CACHE_HOME");
        // The XDG base directory specification requires that relative paths are ignored.
        if (xdg != null && !xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg);
        }
        String name = system.toLowerCase(Locale.ROOT);
        if (name.contains("mac")) {
            return home.resolve("Library").resolve("Caches");
        }
        String local = environment.get("LOCALAPPDATA");
        if (name.contains("windows") && local != null) {
            return Path.of(local);
        }
        return home.resolve(".cache");
    }
}
