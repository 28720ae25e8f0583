package io.heddle.data.fashion;

import io.heddle.data.DataFormat;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Fashion-MNIST by its name, or a folder with its four files. */
public final class FashionMnistFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public FashionMnistFormat() {}

    @Override
    public String title() {
        return "fashion-mnist";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Match match(DataLocation location) throws IOException {
        boolean known = isName(location) || location.isFolder() && FashionMnistSource.lies(location.path());
        return known ? Match.CONTENT : Match.NONE;
    }

    @Override
    public boolean hasParts() {
        return true;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        Optional<Path> folder = isName(location) ? Optional.empty() : Optional.of(location.path());
        return FashionMnistSource.open(folder, location.parted().part(), options, log);
    }

    private static boolean isName(DataLocation location) {
        return location.parted().name().equals(FashionMnistSource.NAME);
    }
}
