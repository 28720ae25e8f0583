package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.models.LabelledData;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.options.DataFlags;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.data.array.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle pca transform}: computes the coordinates of rows along principal components. */
@Command(
        name = "transform",
        description = "Writes the coordinates of rows along the components of a model, float32.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle pca transform pca.heddle table.npy --out coordinates.npy"})
final class PcaTransformCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A file that 'heddle pca fit' wrote.")
    private Path model;

    @Parameters(index = "1", paramLabel = "DATA", description = DataFlags.DATA)
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.npy",
            required = true,
            description = "Output file of the coordinates.")
    private Path out;

    @Mixin
    private FillFlags fill;

    @Mixin
    private DataFlags flags;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        try (SavedModel saved = ModelFiles.read(model, SavedModel.Kind.PCA);
                OutputFile file = OutputFile.open(out);
                LabelledData rows = LabelledData.forModel(saved, model, data, flags.options(), fill, common.err())) {
            try (FloatMatrix coordinates = ModelFiles.pca(saved).transform(rows.rows())) {
                file.write(stream -> NpyWriter.write(coordinates, stream));
                common.result(
                        CommonFlags.object().put("rows", coordinates.rows()).put("components", coordinates.columns()),
                        List.of("%s: %d rows of %d coordinates"
                                .formatted(out, coordinates.rows(), coordinates.columns())));
            }
        }
        return 0;
    }
}
