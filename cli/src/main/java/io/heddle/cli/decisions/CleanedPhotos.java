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
    /** Whether the labels are the names of sub-folders. */
    private final boolean labelledByFolder;
    /** Number of folders above those of the classes, such as {@code train}. */
    private final int above;

    private final List<String> folders;

    /** @param labelledByFolder whether the labels are the names of sub-folders, not from a file */
    CleanedPhotos(DataLocation location, boolean labelledByFolder, DataSource source, Cleaning cleaning) {
        this.source = source;
        this.cleaning = cleaning;
        this.labelledByFolder = labelledByFolder;
        this.root = location.path().toAbsolutePath().normalize();
        this.above = location.parted().explicit() ? 1 : 0;
        this.folders = folders();
    }

    /** Returns the name of the folder of each class: the existing folder, otherwise a valid name. */
    private List<String> folders() {
        List<String> folders = new ArrayList<>(ClassFolders.of(cleaning.after().classNames()));
        for (int row = 0; labelledByFolder && row < source.rows(); row++) {
            folders.set(
                    cleaning.before().values()[row], within(row).getName(above).toString());
        }
        return folders;
    }

    /** Returns the path of a photo relative to the folder of the data. */
    private Path within(int row) {
        return root.relativize(file(row).toAbsolutePath().normalize());
    }

    private Path file(int row) {
        return source.file(row).orElseThrow();
    }

    /** Copies each remaining photo into the folder of its class. */
    void copy(Path folder) throws IOException {
        Set<String> taken = new HashSet<>();
        // Photos that keep their folder come first, so that they also keep their names.
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

    /** Returns the new path of a photo, relative to the folder of the data. */
    private Path target(int row) {
        String own = folders.get(cleaning.after().values()[row]);
        if (!labelledByFolder) {
            return Path.of(own).resolve(file(row).getFileName());
        }
        Path path = within(row);
        Path below = Path.of(own).resolve(path.subpath(above + 1, path.getNameCount()));
        return above == 0 ? below : path.subpath(0, above).resolve(below);
    }

    /** Returns the path, or a similar one if it is taken; file systems that ignore case are taken into account. */
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
     * Moves relabelled photos to the folder of their class, and dropped photos to another folder. If a move fails, the
     * earlier moves are undone.
     *
     * @param aside folder for the dropped photos, which keep their relative paths
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
