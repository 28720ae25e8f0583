package io.heddle.cli.decisions;

import io.heddle.data.DataLocation;
import io.heddle.data.DataSource;
import io.heddle.data.photo.ClassFolders;
import io.heddle.data.rows.ClassNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Photos in a sub-folder for each class, after decisions about some of them. */
final class CleanedPhotos {
    private final DataSource source;
    private final Cleaning cleaning;
    private final Path root;
    /** Whether the sub-folders are the labels, and not a file. */
    private final boolean labelledByFolder;
    /** Folders above those of the classes, such as train. */
    private final int above;

    private final List<String> folders;

    /** @param labelledByFolder whether the sub-folders are the labels, and not a file */
    CleanedPhotos(DataLocation location, boolean labelledByFolder, DataSource source, Cleaning cleaning) {
        this.source = source;
        this.cleaning = cleaning;
        this.labelledByFolder = labelledByFolder;
        this.root = location.path().toAbsolutePath().normalize();
        this.above = location.parted().explicit() ? 1 : 0;
        this.folders = folders();
    }

    /** The folder of each class: what it is called in the data, or can be called. */
    private List<String> folders() {
        List<String> folders = new ArrayList<>(ClassFolders.of(cleaning.after().classNames()));
        for (int row = 0; labelledByFolder && row < source.rows(); row++) {
            folders.set(
                    cleaning.before().values()[row], within(row).getName(above).toString());
        }
        return folders;
    }

    /** The path of a photo below the folder of the data. */
    private Path within(int row) {
        return root.relativize(file(row).toAbsolutePath().normalize());
    }

    private Path file(int row) {
        return source.file(row).orElseThrow();
    }

    /** Copies the photos that are left, each into the folder of its class. */
    void copy(Path folder) throws IOException {
        Set<String> taken = new HashSet<>();
        // Photos that stay where they are keep their names.
        for (boolean moved : new boolean[] {false, true}) {
            for (int row : cleaning.remaining()) {
                if (moves(row) == moved) {
                    Path target = folder.resolve(free(target(row), taken));
                    Files.createDirectories(target.getParent());
                    Files.copy(file(row), target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        copyClassNames(folder);
    }

    private boolean moves(int row) {
        return cleaning.after().values()[row] != cleaning.before().values()[row];
    }

    private void copyClassNames(Path folder) throws IOException {
        if (!labelledByFolder) {
            Map<String, String> renamed = ClassFolders.renamed(cleaning.after().classNames(), folders);
            if (!renamed.isEmpty()) {
                Files.write(folder.resolve(ClassNames.ENTRY), ClassNames.bytes(renamed));
            }
            return;
        }
        List<Path> places = new ArrayList<>(List.of(Path.of("")));
        if (above > 0) {
            places.add(within(0).getName(0));
        }
        for (Path place : places) {
            Path names = root.resolve(place).resolve(ClassNames.ENTRY);
            if (Files.isRegularFile(names) && Files.isDirectory(folder.resolve(place))) {
                Files.copy(names, folder.resolve(place).resolve(ClassNames.ENTRY));
            }
        }
    }

    /** Where a photo goes, below the folder of the data. */
    private Path target(int row) {
        String own = folders.get(cleaning.after().values()[row]);
        if (!labelledByFolder) {
            return Path.of(own).resolve(file(row).getFileName());
        }
        Path path = within(row);
        Path below = Path.of(own).resolve(path.subpath(above + 1, path.getNameCount()));
        return above == 0 ? below : path.subpath(0, above).resolve(below);
    }

    /** The path, or the next one like it that no other photo has, on any system. */
    private static Path free(Path path, Set<String> taken) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path free = path;
        for (int i = 2; !taken.add(free.toString().toLowerCase(Locale.ROOT)); i++) {
            free = path.resolveSibling(stem + "-" + i + (dot > 0 ? name.substring(dot) : ""));
        }
        return free;
    }

    /**
     * Moves the photos that have another label to the folder of their class, and those that are dropped into another
     * folder. If one cannot be moved, those before it are moved back.
     *
     * @param aside for the dropped photos, under the paths that they had
     */
    void move(Path aside) throws IOException {
        Map<Path, Path> moves = moves(aside);
        Deque<Map.Entry<Path, Path>> done = new ArrayDeque<>();
        try {
            for (Map.Entry<Path, Path> move : moves.entrySet()) {
                Files.createDirectories(move.getValue().getParent());
                Files.move(move.getKey(), move.getValue());
                done.push(move);
            }
        } catch (IOException e) {
            for (Map.Entry<Path, Path> move : done) {
                Files.move(move.getValue(), move.getKey());
            }
            throw e;
        }
    }

    private Map<Path, Path> moves(Path aside) throws IOException {
        Set<String> taken = new HashSet<>();
        Map<Path, Set<String>> there = new HashMap<>();
        Map<Path, Path> moves = new LinkedHashMap<>();
        for (Cleaning.Change change : cleaning.changes()) {
            int row = change.row();
            if (change.to().isEmpty()) {
                moves.put(file(row), aside.resolve(within(row)));
                continue;
            }
            Path target = target(row);
            Path place = root.resolve(target).getParent();
            if (there.putIfAbsent(place, Set.of()) == null && Files.isDirectory(place)) {
                try (var files = Files.list(place)) {
                    files.forEach(f -> taken.add(root.relativize(f).toString().toLowerCase(Locale.ROOT)));
                }
            }
            moves.put(file(row), root.resolve(free(target, taken)));
        }
        return moves;
    }
}
