package io.heddle.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WinogradTilesTest {
    @Test
    void sevenIsFourPlusThree() {
        assertThat(WinogradTiles.of(7)).isEqualTo(new WinogradTiles(1, 1));
        assertThat(WinogradTiles.of(7).products()).isEqualTo(121);
        assertThat(WinogradTiles.of(14)).isEqualTo(new WinogradTiles(2, 2));
        assertThat(WinogradTiles.of(5)).isEqualTo(new WinogradTiles(0, 2));
        assertThat(WinogradTiles.of(1)).isEqualTo(new WinogradTiles(0, 1));
    }

    /** Tests that each place is used once and that the places of a frequency are its range. */
    @Property(tries = 200)
    void placesAreThoseOfTheFrequencies(
            @ForAll @IntRange(min = 1, max = 40) int side, @ForAll @IntRange(min = 1, max = 5) int images) {
        WinogradTiles tiles = WinogradTiles.of(side);
        assertThat(tiles.reach()).isGreaterThanOrEqualTo(side);
        int[] taken = new int[tiles.count() * images];
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < tiles.perSide(); y++) {
                for (int x = 0; x < tiles.perSide(); x++) {
                    int place = tiles.index(y, x, image, images);
                    taken[place]++;
                    boolean high = tiles.output(y) == 4;
                    boolean wide = tiles.output(x) == 4;
                    assertThat(place < images * tiles.to(true, false)).isEqualTo(high);
                    assertThat(place >= images * tiles.from(true) && place < images * tiles.to(false, true))
                            .isEqualTo(wide);
                    assertThat(place >= images * tiles.from(true) && place < images * tiles.to(true, true))
                            .isEqualTo(high && wide);
                }
            }
        }
        assertThat(Arrays.stream(taken)).containsOnly(1);
        assertThat(tiles.first(0)).isZero();
        for (int t = 1; t < tiles.perSide(); t++) {
            assertThat(tiles.first(t)).isEqualTo(tiles.first(t - 1) + tiles.output(t - 1));
        }
    }
}
