package io.heddle.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InvalidInputExceptionTest {
    @Test
    void namesTheValuesInOneSentence() {
        assertThatThrownBy(() -> InvalidInputException.require(false, "lambda must be at least %d, not %s", 0, -1.5))
                .isInstanceOf(InvalidInputException.class)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lambda must be at least 0, not -1.5");
    }

    @Test
    void acceptsAConditionThatHolds() {
        InvalidInputException.require(true, "never seen %d", 1);
        assertThat(new InvalidInputException("100% of it")).hasMessage("100% of it");
    }
}
