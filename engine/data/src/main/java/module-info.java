import io.heddle.data.DataFormat;

/** Reads and writes data sets, and downloads Fashion-MNIST. */
@SuppressWarnings("module") // The qualified exports name a module that is built later.
module io.heddle.data {
    requires transitive io.heddle.core;
    requires it.unimi.dsi.fastutil.core;
    requires ch.randelshofer.fastdoubleparser;
    requires com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires de.siegmar.fastcsv;
    requires metadata.extractor;
    requires java.desktop;
    requires java.net.http;
    requires java.management;
    requires jdk.management;

    exports io.heddle.data;
    exports io.heddle.data.array;
    exports io.heddle.data.fashion;
    exports io.heddle.data.csv to
            io.heddle.cli;
    exports io.heddle.data.photo to
            io.heddle.cli;
    exports io.heddle.data.rows to
            io.heddle.cli;

    uses DataFormat;

    // On a class path, META-INF/services is used instead; a test compares the two.
    provides DataFormat with
            io.heddle.data.fashion.FashionMnistFormat,
            io.heddle.data.parquet.ParquetFormat,
            io.heddle.data.csv.CsvFormat,
            io.heddle.data.array.IdxFormat,
            io.heddle.data.array.NpyFormat,
            io.heddle.data.array.NpzFormat,
            io.heddle.data.photo.PhotoFolderFormat;
}
