/** 1/c and ln c in 64 bits, for the middle c of each 128th of 1 … 2. */
const table = memory.data(128 * 16);
for (let i = 0; i < 128; i++) {
  const middle = 1 + (i + 0.5) / 128;
  store<f64>(table + (i << 4), 1 / middle);
  store<f64>(table + (i << 4), Math.log(middle), 8);
}

export function signedLog(x: f64): f64 {
  const bits = reinterpret<i64>(1 + abs(x));
  const exponent = (bits >> 52) - 1023;
  if (exponent > 1023) return x;
  const mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  const row = table + ((<usize>(bits >> 45) & 127) << 4);
  const r = mantissa * load<f64>(row) - 1;
  const log =
    <f64>exponent * Math.LN2 + load<f64>(row, 8) + r * (1 - r * (1.0 / 2 - r * (1.0 / 3 - r * (1.0 / 4))));
  return copysign(log, x);
}
