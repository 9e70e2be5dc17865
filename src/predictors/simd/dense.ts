/**
 * One further layer, of rows of activations; in tiles of four rows and eight outputs, as many as the registers hold, so
 * that each weight is loaded once for four rows.
 *
 * @param inputs rows, `width` bytes each, a multiple of 32; read up to the next multiple of four rows
 * @param kernel in strips of eight outputs: strips × inputs × 8
 * @param bias of all strips
 * @param outputs rows of whole strips, `stride` bytes each
 * @param floor least value of an output
 */
export function dense(
  inputs: usize,
  width: usize,
  kernel: usize,
  bias: usize,
  outputs: usize,
  stride: usize,
  floor: f32,
  rows: i32,
): void {
  for (let row = 0; row < rows; row += 4, inputs += 4 * width, outputs += 4 * stride) {
    tile(inputs, width, kernel, bias, outputs, stride, floor);
  }
}

/** All outputs of four rows. */
function tile(
  inputs: usize,
  width: usize,
  kernel: usize,
  bias: usize,
  outputs: usize,
  stride: usize,
  floor: f32,
): void {
  const floors = f32x4.splat(floor);
  for (let strip: usize = 0; strip < stride; strip += 32, outputs += 32) {
    let a0 = v128.load(bias + strip, 0);
    let a1 = v128.load(bias + strip, 16);
    let b0 = a0;
    let b1 = a1;
    let c0 = a0;
    let c1 = a1;
    let d0 = a0;
    let d1 = a1;
    for (let at = inputs; at < inputs + width; at += 4, kernel += 32) {
      const left = v128.load(kernel, 0);
      const right = v128.load(kernel, 16);
      const a = v128.load32_splat(at);
      const b = v128.load32_splat(at + width);
      const c = v128.load32_splat(at + 2 * width);
      const d = v128.load32_splat(at + 3 * width);
      a0 = f32x4.add(a0, f32x4.mul(a, left));
      a1 = f32x4.add(a1, f32x4.mul(a, right));
      b0 = f32x4.add(b0, f32x4.mul(b, left));
      b1 = f32x4.add(b1, f32x4.mul(b, right));
      c0 = f32x4.add(c0, f32x4.mul(c, left));
      c1 = f32x4.add(c1, f32x4.mul(c, right));
      d0 = f32x4.add(d0, f32x4.mul(d, left));
      d1 = f32x4.add(d1, f32x4.mul(d, right));
    }
    storeStrip(outputs, a0, a1, floors);
    storeStrip(outputs + stride, b0, b1, floors);
    storeStrip(outputs + 2 * stride, c0, c1, floors);
    storeStrip(outputs + 3 * stride, d0, d1, floors);
  }
}

function storeStrip(outputs: usize, left: v128, right: v128, floors: v128): void {
  v128.store(outputs, f32x4.pmax(left, floors), 0);
  v128.store(outputs, f32x4.pmax(right, floors), 16);
}
