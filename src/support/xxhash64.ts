/**
 * XXH64 with seed 0 (https://github.com/Cyan4973/xxHash), the checksum of zstd frames, over data that comes in pieces.
 * 64-bit integers are pairs of 32-bit halves: several times faster than BigInt.
 */

// The five primes, each as its low and its high half.
const [LOW_1, HIGH_1] = [0x85ebca87, 0x9e3779b1];
const [LOW_2, HIGH_2] = [0x27d4eb4f, 0xc2b2ae3d];
const [LOW_3, HIGH_3] = [0x9e3779f9, 0x165667b1];
const [LOW_4, HIGH_4] = [0xc2b2ae63, 0x85ebca77];
const [LOW_5, HIGH_5] = [0x165667c5, 0x27d4eb2f];

/** Bytes that the four lanes take at a time. */
const STRIPE = 32;
const LOW_SHIFT = 16;
const LOW_MASK = 0xffff;

/** @example new XxHash64().update(Buffer.from('abc')).digest(); // 0x44bc2cf5ad770999n */
export class XxHash64 {
  /** Low and high halves of the four lanes. */
  private readonly lanes = new Int32Array(8);
  private readonly rest = Buffer.alloc(STRIPE);
  private restLength = 0;
  private total = 0;
  /** The 64-bit register that the arithmetic below works on. */
  private low = 0;
  private high = 0;

  constructor() {
    this.load(LOW_1, HIGH_1);
    this.add(LOW_2, HIGH_2);
    this.store(0);
    this.load(LOW_2, HIGH_2);
    this.store(1);
    this.load(0, 0);
    this.store(2);
    // −prime is its complement plus one.
    this.load(~LOW_1, ~HIGH_1);
    this.add(1, 0);
    this.store(3);
  }

  update(bytes: Buffer): this {
    this.total += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(STRIPE - this.restLength, bytes.length);
      bytes.copy(this.rest, this.restLength, 0, at);
      this.restLength += at;
      if (this.restLength < STRIPE) return this;
      this.stripe(this.rest, 0);
      this.restLength = 0;
    }
    for (; at + STRIPE <= bytes.length; at += STRIPE) this.stripe(bytes, at);
    this.restLength = bytes.copy(this.rest, 0, at);
    return this;
  }

  /** The hash of all bytes so far, as an unsigned integer; nothing may be added afterwards. */
  digest(): bigint {
    if (this.total >= STRIPE) this.mergeLanes();
    else this.load(LOW_5, HIGH_5);
    this.add(this.total | 0, Math.floor(this.total / 2 ** 32));
    let at = 0;
    for (; at + 8 <= this.restLength; at += 8) {
      this.mixIn(this.rest.readInt32LE(at), this.rest.readInt32LE(at + 4));
      this.rotate(27);
      this.multiply(LOW_1, HIGH_1);
      this.add(LOW_4, HIGH_4);
    }
    if (at + 4 <= this.restLength) {
      const { low, high } = this;
      this.load(this.rest.readInt32LE(at), 0);
      this.multiply(LOW_1, HIGH_1);
      this.xor(low, high);
      this.rotate(23);
      this.multiply(LOW_2, HIGH_2);
      this.add(LOW_3, HIGH_3);
      at += 4;
    }
    for (; at < this.restLength; at++) {
      const { low, high } = this;
      this.load(this.rest[at], 0);
      this.multiply(LOW_5, HIGH_5);
      this.xor(low, high);
      this.rotate(11);
      this.multiply(LOW_1, HIGH_1);
    }
    this.xorShift(33);
    this.multiply(LOW_2, HIGH_2);
    this.xorShift(29);
    this.multiply(LOW_3, HIGH_3);
    this.xorShift(32);
    return (BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0);
  }

  private mergeLanes(): void {
    const { lanes } = this;
    let [low, high] = [0, 0];
    for (const [lane, turns] of [1, 7, 12, 18].entries()) {
      this.load(lanes[2 * lane], lanes[2 * lane + 1]);
      this.rotate(turns);
      this.add(low, high);
      [low, high] = [this.low, this.high];
    }
    for (let lane = 0; lane < 4; lane++) {
      this.load(low, high);
      this.mixIn(lanes[2 * lane], lanes[2 * lane + 1]);
      this.multiply(LOW_1, HIGH_1);
      this.add(LOW_4, HIGH_4);
      [low, high] = [this.low, this.high];
    }
  }

  private stripe(bytes: Buffer, at: number): void {
    const { lanes } = this;
    for (let lane = 0; lane < 8; lane += 2, at += 8) {
      this.round(lanes[lane], lanes[lane + 1], word(bytes, at), word(bytes, at + 4));
      lanes[lane] = this.low;
      lanes[lane + 1] = this.high;
    }
  }

  /** register = rotate(lane + input · prime 2, 31) · prime 1 */
  private round(laneLow: number, laneHigh: number, inputLow: number, inputHigh: number): void {
    this.load(inputLow, inputHigh);
    this.multiply(LOW_2, HIGH_2);
    this.add(laneLow, laneHigh);
    this.rotate(31);
    this.multiply(LOW_1, HIGH_1);
  }

  /** register ^= round(0, input) */
  private mixIn(inputLow: number, inputHigh: number): void {
    const { low, high } = this;
    this.round(0, 0, inputLow, inputHigh);
    this.xor(low, high);
  }

  private load(low: number, high: number): void {
    this.low = low | 0;
    this.high = high | 0;
  }

  private store(lane: number): void {
    this.lanes[2 * lane] = this.low;
    this.lanes[2 * lane + 1] = this.high;
  }

  private add(low: number, high: number): void {
    const sum = (this.low >>> 0) + (low >>> 0);
    this.low = sum | 0;
    this.high = (this.high + high + (sum >= 2 ** 32 ? 1 : 0)) | 0;
  }

  private xor(low: number, high: number): void {
    this.low ^= low;
    this.high ^= high;
  }

  /** @param shift 29, 32 or 33 */
  private xorShift(shift: number): void {
    const { low, high } = this;
    if (shift < 32) this.xor((low >>> shift) | (high << (32 - shift)), high >>> shift);
    else this.xor(high >>> (shift - 32), 0);
  }

  /** @param turns 1 … 31, to the left */
  private rotate(turns: number): void {
    const { low, high } = this;
    this.low = (low << turns) | (high >>> (32 - turns));
    this.high = (high << turns) | (low >>> (32 - turns));
  }

  /** The product of the low halves has 64 bits: it is put together from products of 16-bit halves. */
  private multiply(low: number, high: number): void {
    const a = this.low & LOW_MASK;
    const b = this.low >>> LOW_SHIFT;
    const c = low & LOW_MASK;
    const d = low >>> LOW_SHIFT;
    const ac = a * c;
    const middle = a * d + (ac >>> LOW_SHIFT);
    const upper = b * c + (middle & LOW_MASK);
    const carry = b * d + Math.floor(middle / 2 ** LOW_SHIFT) + Math.floor(upper / 2 ** LOW_SHIFT);
    this.high = (Math.imul(this.high, low) + Math.imul(this.low, high) + carry) | 0;
    this.low = Math.imul(this.low, low);
  }
}

/** Four bytes; `readInt32LE` checks its argument each time. */
function word(bytes: Buffer, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
