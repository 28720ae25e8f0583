package io.heddle.internal.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory that Linux's control groups leave to this process, as in a container: the limit of each of its groups,
 * minus the memory that the group uses, except pages of files, which the system can drop.
 */
final class ControlGroups {
    /** Limits have fewer digits; version 1 shows a number of 19 digits if there is no limit. */
    private static final String LIMIT = "\\d{1,18}";

    /** Names of the files of a group. */
    private enum Version {
        V1("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "),
        V2("memory.max", "memory.current", "inactive_file ");

        private final String limit;
        private final String taken;
        private final String droppable;

        Version(String limit, String taken, String droppable) {
            this.limit = limit;
            this.taken = taken;
            this.droppable = droppable;
        }

        long free(Path group) throws IOException {
            Path maximum = group.resolve(limit);
            Path used = group.resolve(taken);
            if (!Files.isReadable(maximum) || !Files.isReadable(used)) {
                return Long.MAX_VALUE;
            }
            String text = Files.readString(maximum).strip();
            if (!text.matches(LIMIT)) {
                return Long.MAX_VALUE;
            }
            long free =
                    Long.parseLong(text) - Long.parseLong(Files.readString(used).strip());
            return Math.max(0, free + droppable(group.resolve("memory.stat")));
        }

        private long droppable(Path statistics) throws IOException {
            if (Files.isReadable(statistics)) {
                for (String line : Files.readAllLines(statistics)) {
                    if (line.startsWith(droppable)) {
                        return Long.parseLong(line.substring(droppable.length()).strip());
                    }
                }
            }
            return 0;
        }
    }

    private ControlGroups() {}

    /**
     * The free memory of the smallest of the groups of a process.
     *
     * @param root where the system shows its groups, {@code /sys/fs/cgroup}
     * @param groups of the process, the lines of {@code /proc/self/cgroup}: number, controllers and path
     * @return bytes, the greatest number if no group has a limit
     */
    static long free(Path root, List<String> groups) throws IOException {
        // In a container, the root is often its own group, and the path of the process is only valid outside of it.
        long free = Math.min(Version.V2.free(root), Version.V1.free(root.resolve("memory")));
        for (String line : groups) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                free = Math.min(free, freeUpTo(root, parts[2], Version.V2));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                free = Math.min(free, freeUpTo(root.resolve("memory"), parts[2], Version.V1));
            }
        }
        return free;
    }

    /** A limit of a group above counts too. */
    private static long freeUpTo(Path root, String path, Version version) throws IOException {
        long free = Long.MAX_VALUE;
        Path group = root.resolve(path.replaceFirst("^/+", "")).normalize();
        for (; group.startsWith(root) && !group.equals(root); group = group.getParent()) {
            free = Math.min(free, version.free(group));
        }
        return free;
    }
}
