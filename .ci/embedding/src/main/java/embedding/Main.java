package embedding;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;

/** Fits two classes that a line separates, and prints their labels. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        float[] values = {0, 0, 0, 1, 5, 5, 5, 6};
        int[] labels = {0, 0, 1, 1};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 4, 2);
                LogisticModel model = LogisticRegression.fit(
                        x, labels, LogisticRegression.Options.defaults().withLambda(1e-3))) {
            System.out.println("predicted " + Arrays.toString(model.predict(x)));
        }
    }
}
