/** Beyond it, 1 / (1 + exp(-x)) is 0 or 1 in 32 bits, or nearly: exp must not overflow. */
const LIMIT: f32 = 80;
/** Added to a number and taken away again, it rounds to whole numbers; what it leaves in the lowest bits is that number. */
const ROUND: f32 = 12582912;
const LN2: f32 = <f32>Math.LN2;

/** Replaces logits x by 1 / (1 + exp(-x)), where exp(-x) = 2ⁿ · 2ᶠ with |f| ≤ 1/2; 2ᶠ is a Taylor polynomial. */
export function sigmoids(logits: usize, end: usize): void {
  const one = f32x4.splat(1);
  for (let at = logits; at < end; at += 16) {
    const x = f32x4.pmax(f32x4.pmin(v128.load(at), f32x4.splat(LIMIT)), f32x4.splat(-LIMIT));
    const t = f32x4.mul(x, f32x4.splat(-1 / LN2));
    const n = f32x4.add(t, f32x4.splat(ROUND));
    const f = f32x4.mul(f32x4.sub(t, f32x4.sub(n, f32x4.splat(ROUND))), f32x4.splat(LN2));
    let power = f32x4.splat(1.0 / 720);
    power = f32x4.add(f32x4.mul(power, f), f32x4.splat(1.0 / 120));
    power = f32x4.add(f32x4.mul(power, f), f32x4.splat(1.0 / 24));
    power = f32x4.add(f32x4.mul(power, f), f32x4.splat(1.0 / 6));
    power = f32x4.add(f32x4.mul(power, f), f32x4.splat(1.0 / 2));
    power = f32x4.add(f32x4.mul(power, f), one);
    power = f32x4.add(f32x4.mul(power, f), one);
    // The exponent of a 32-bit float begins at bit 23.
    const exponential = i32x4.add(power, i32x4.shl(n, 23));
    v128.store(at, f32x4.div(one, f32x4.add(one, exponential)));
  }
}
