/** Lines of a store: JSON that carries a checksum of itself. */
import { crc32 } from 'node:zlib';

const PREFIX = '{"crc":"';
const DIGITS = 8;
/** Where the fields begin that the checksum is of. */
const START = PREFIX.length + DIGITS + '",'.length;

/** Writes an object with at least one field as one line, its checksum first. */
export function formatStored(value: object): string {
  const fields = JSON.stringify(value).slice(1);
  return `${PREFIX}${checksum(fields)}",${fields}`;
}

/** Reads a line that `formatStored` has written; `undefined` if one byte of it is different. */
export function parseStored(line: string): unknown {
  const fields = line.slice(START);
  if (!line.startsWith(`${PREFIX}${checksum(fields)}",`)) return undefined;
  return JSON.parse(`{${fields}`);
}

/** CRC-32, which finds every error in up to 32 adjoining bits, and others with a chance of 1 − 2⁻³². */
function checksum(fields: string): string {
  return crc32(fields).toString(16).padStart(DIGITS, '0');
}
