package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortNumberTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1.24282982791587, 1.243",
    "33.68595041322313, 33.69",
    "2484, 2484",
    "123456789, 123456789",
    "1234567.891, 1234568",
    "0.00012345678, 0.0001235",
    "0.000012345678, 1.235e-05",
    "-0.00002, -2e-05",
    "12345678912.5, 1.235e+10",
    "1e300, 1.0E300",
    "NaN, NaN"
  })
  void aNumberHasFourSignificantDigits(double number, String shown) {
    assertThat(ShortNumber.of(number)).isEqualTo(shown);
  }
}
