/** Headers that speak of one connection and are not forwarded (RFC 9110, section 7.6.1). */
const OF_A_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Pairs of names and values, as Node.js has them raw: repeated headers and spellings stay as they are. */
export function forwardedHeaders(raw: readonly string[], without: readonly string[] = []): string[] {
  const names = raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  const dropped = new Set([...OF_A_CONNECTION, ...without]);
  names.forEach((name, i) => {
    if (name !== 'connection') return;
    for (const named of raw[2 * i + 1].split(',')) dropped.add(named.trim().toLowerCase());
  });
  return raw.filter((_, i) => !dropped.has(names[i >> 1]));
}
