package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.audit.LabelAudit;
import io.heddle.audit.NeighborAudit;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.Pca;
import io.heddle.layout.NeighborLayout;
import io.heddle.linear.LogisticRegression;
import io.heddle.metrics.Silhouette;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.selection.PenaltySearch;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that all options are records with defaults, null checks and a {@code with} method for each component. */
class OptionsTest {
    static Stream<Record> options() {
        return Stream.of(
                LogisticRegression.Options.defaults(),
                KMeans.Options.defaults(),
                Pca.Options.defaults(),
                LabelAudit.Options.defaults(),
                NeighborAudit.Options.defaults(),
                NearestNeighbors.Options.defaults(),
                NeighborClustering.Options.defaults(),
                NeighborLayout.Options.defaults(),
                NeighborClustering.Head.defaults(),
                NeighborClustering.Restarts.defaults(),
                Silhouette.Options.defaults(),
                TablePreprocessor.Options.defaults());
    }

    static Stream<Record> records() {
        Record search =
                new PenaltySearch(3, 0.1, List.of(1.0), LogisticRegression.Options.defaults(), (done, total) -> {});
        return Stream.concat(options(), Stream.of(search));
    }

    @ParameterizedTest
    @MethodSource("records")
    void noComponentCanBeNull(Record options) throws ReflectiveOperationException {
        RecordComponent[] components = options.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        Constructor<?> constructor = options.getClass().getDeclaredConstructor(types);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getAccessor().invoke(options);
        }
        assertThat(constructor.newInstance(values)).isEqualTo(options);
        for (int i = 0; i < values.length; i++) {
            if (!types[i].isPrimitive()) {
                Object[] broken = values.clone();
                broken[i] = null;
                assertThatThrownBy(() -> constructor.newInstance(broken))
                        .as("%s of %s", components[i].getName(), options.getClass())
                        .isInstanceOf(InvocationTargetException.class)
                        .hasCauseInstanceOf(NullPointerException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyComponentHasAWithMethod(Record options) {
        List<String> methods = Arrays.stream(options.getClass().getMethods())
                .map(m -> m.getName().toLowerCase(Locale.ROOT))
                .toList();
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            String name = component.getName().toLowerCase(Locale.ROOT);
            // A map may be set entry by entry.
            assertThat(methods)
                    .as("%s of %s", component.getName(), options.getClass())
                    .containsAnyOf("with" + name, "with" + name.replaceFirst("s$", ""));
        }
    }
}
