package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.parallel.RowSlices;
import org.junit.jupiter.api.Test;

class ChangedRowsTest {
    @Test
    void rowsOfAllSlicesAreJoinedInOrder() {
        ChangedRows changed = new ChangedRows(new RowSlices(10, 4), 10);
        changed.add(2, 9, -1);
        changed.add(0, 1, 5);
        changed.add(0, 3, 6);
        changed.join();
        assertThat(changed.count()).isEqualTo(3);
        assertThat(changed.rows()).startsWith(1, 3, 9);
        assertThat(changed.previous()).startsWith(5, 6, -1);
        for (int slice = 0; slice < 3; slice++) {
            changed.clear(slice);
        }
        changed.add(1, 4, 7);
        assertThat(changed.join()).isSameAs(changed);
        assertThat(changed.count()).isEqualTo(1);
        assertThat(changed.rows()).startsWith(4);
        assertThat(changed.previous()).startsWith(7);
    }
}
