package io.heddle.data.photo;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.PartedName;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Folders of photos. A single photo is recognized and refused with its own message. */
public final class PhotoFolderFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public PhotoFolderFormat() {}

    @Override
    public String title() {
        return "folders of photos";
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        boolean photo = PhotoFormat.of(location.start()) != PhotoFormat.UNKNOWN;
        return photo || location.isFolder() ? Match.CONTENT : Match.NONE;
    }

    @Override
    public boolean hasParts() {
        return true;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        if (!location.isFolder()) {
            throw new DataFormatException(location.path() + " is a single photo; give its folder");
        }
        PartedName parted = location.parted();
        return ImageFolder.open(
                location.path(), parted.explicit() ? Optional.of(parted.part()) : Optional.empty(), options, log);
    }
}
