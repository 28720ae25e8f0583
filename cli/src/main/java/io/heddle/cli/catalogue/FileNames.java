package io.heddle.cli.catalogue;

import io.heddle.cli.data.DataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people know the items of a folder of photos by. */
public final class FileNames {
    private FileNames() {}

    /** The names of chosen rows' files, with the folder that they are in; empty where rows have no files. */
    static List<String> of(DataSource data, int[] rows) {
        List<String> names = new ArrayList<>();
        for (int row : rows) {
            Optional<Path> file = data.file(row);
            if (file.isEmpty()) {
                return List.of();
            }
            names.add(shortName(file.get()));
        }
        return List.copyOf(names);
    }

    /** The last two parts of a path. */
    public static String shortName(Path file) {
        int parts = file.getNameCount();
        Path last = parts > 2 ? file.subpath(parts - 2, parts) : file;
        return last.toString().replace('\\', '/');
    }
}
