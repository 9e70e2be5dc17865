import type { Numbering } from '../support/numbering.ts';

const ZERO = 48;
/** Digits that a number of any value can have and still be summed exactly. */
const SAFE_DIGITS = 15;
const WORD = 2 ** 32;

/**
 * The number of a page that is written in decimal digits alone as an integer in 0 … 2⁶⁴ − 1, all bits kept; −1 if it is
 * written otherwise. Leading zeros mean nothing.
 *
 * @param start of the digits in `bytes`
 * @param end one beyond the last
 */
export function pageOfDigits(numbering: Numbering, bytes: Buffer, start: number, end: number): number {
  if (start === end) return -1;
  let low = 0;
  let high = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return -1;
    if (at - start < SAFE_DIGITS) {
      low = low * 10 + digit;
    } else {
      // From here on in two halves, since the number may outgrow 53 bits.
      if (at - start === SAFE_DIGITS) [low, high] = [low % WORD, Math.floor(low / WORD)];
      const product = low * 10 + digit;
      low = product % WORD;
      high = high * 10 + Math.floor(product / WORD);
      if (high >= WORD) return -1;
    }
  }
  if (end - start <= SAFE_DIGITS) [low, high] = [low % WORD, Math.floor(low / WORD)];
  return numbering.ofInteger(low, high);
}

/** Whether text is a hash: at least 16 letters and digits. */
export function isHash(text: string): boolean {
  return /^[0-9a-z]{16,}$/i.test(text);
}
