package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void followsTheXdgSpecification() {
        assertThat(CacheFolder.locate(Map.of("XDG_CACHE_HOME", "/var/ada"), "Linux", HOME))
                .isEqualTo(Path.of("/var/ada"));
        assertThat(CacheFolder.locate(Map.of("XDG_CACHE_HOME", "relative"), "Linux", HOME))
                .isEqualTo(HOME.resolve(".cache"));
        assertThat(CacheFolder.locate(Map.of("XDG_CACHE_HOME", ""), "Linux", HOME))
                .isEqualTo(HOME.resolve(".cache"));
        assertThat(CacheFolder.locate(Map.of(), "Linux", HOME)).isEqualTo(HOME.resolve(".cache"));
    }

    @Test
    void followsTheCustomOfOtherSystems() {
        assertThat(CacheFolder.locate(Map.of(), "Mac OS X", HOME)).isEqualTo(HOME.resolve("Library/Caches"));
        assertThat(CacheFolder.locate(Map.of("XDG_CACHE_HOME", "/var/ada"), "Mac OS X", HOME))
                .isEqualTo(Path.of("/var/ada"));
        assertThat(CacheFolder.locate(Map.of("LOCALAPPDATA", "/c/local"), "Windows 11", HOME))
                .isEqualTo(Path.of("/c/local"));
        assertThat(CacheFolder.locate(Map.of(), "Windows 11", HOME)).isEqualTo(HOME.resolve(".cache"));
    }
}
