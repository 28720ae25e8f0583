package io.heddle.reliability;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Fits and loads models repeatedly, and compares the memory outside the heap, the metaspace and the number of classes
 * before and after: {@code java ... RepeatedFits ROUNDS}. The JVM must track native memory.
 */
public final class RepeatedFits {
    /** Rounds until all lambdas are linked and all methods are compiled, which changes the metaspace. */
    private static final int WARM_UP = 300;

    private RepeatedFits() {}

    /** Prints the growth. */
    public static void main(String[] args) throws IOException {
        int rounds = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("heddle-fits");
        Random random = new Random(1);
        int[] labels = new int[120];
        try (FloatMatrix x = FloatMatrix.allocate(labels.length, 9);
                WorkerPool pool = WorkerPool.of(2)) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % 3;
                for (int j = 0; j < x.columns(); j++) {
                    x.set(i, j, (float) (random.nextGaussian() + (j % 3 == labels[i] ? 1 : 0)));
                }
            }
            for (int i = 0; i < WARM_UP; i++) {
                round(x, labels, pool, folder);
            }
            long bytes = NativeUse.bytes();
            long classes = NativeUse.loadedClasses();
            long metaspace = NativeUse.metaspace();
            for (int i = 0; i < rounds; i++) {
                round(x, labels, pool, folder);
            }
            System.out.printf(
                    "%d rounds of 3 fits and 3 loads: %d bytes outside the heap, %d classes, %d kB of metaspace more%n",
                    rounds,
                    NativeUse.bytes() - bytes,
                    NativeUse.loadedClasses() - classes,
                    (NativeUse.metaspace() - metaspace) >> 10);
        } finally {
            for (String name : new String[] {"l", "p", "k"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private static void round(FloatMatrix x, int[] labels, WorkerPool pool, Path folder) throws IOException {
        try (LogisticModel logistic = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults(), pool);
                PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2), pool);
                KMeansModel clusters = KMeans.fit(x, KMeans.Options.defaults().withClusters(3), pool)) {
            logistic.predict(x, pool);
            clusters.predict(x, pool);
            pca.transform(x, pool).close();
            if (!Files.exists(folder.resolve("k"))) {
                ModelFile.write(folder.resolve("l"), logistic, Provenance.now());
                ModelFile.write(folder.resolve("p"), pca, Provenance.now());
                ModelFile.write(folder.resolve("k"), clusters, Provenance.now());
            }
        }
        for (String name : new String[] {"l", "p", "k"}) {
            ModelFile.read(folder.resolve(name)).close();
        }
    }
}
