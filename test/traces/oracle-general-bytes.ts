/** Packs accesses, each a time and a page, as oracleGeneral records of size 1 without a next access. */
export function oracleGeneral(accesses: readonly (readonly [number, bigint])[]): Buffer {
  const bytes = Buffer.alloc(24 * accesses.length);
  accesses.forEach(([time, page], i) => {
    bytes.writeUInt32LE(time, 24 * i);
    bytes.writeBigUInt64LE(page, 24 * i + 4);
    bytes.writeUInt32LE(1, 24 * i + 12);
    bytes.writeBigInt64LE(-1n, 24 * i + 16);
  });
  return bytes;
}
