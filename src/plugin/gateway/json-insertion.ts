/** Text to be put into a request body, at one of its bytes; it stays as it is byte for byte before and after it. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * Where and how to put a member into a JSON object without writing the object anew, which would change its numbers. Objects on the
 * way that are missing are made.
 *
 * @param bytes valid JSON text of an object
 * @param body what it parses to
 * @param path names from the outermost object to the member
 * @param value JSON text of the member's value
 * @returns `undefined` if the member is there already, or what should hold it is no object
 *
 * @example
 * insertion(Buffer.from('{"n": 1}'), { n: 1 }, ['a', 'b'], '0'); // { at: 1, text: '"a":{"b":0},' }
 */
export function insertion(
  bytes: Buffer,
  body: Record<string, unknown>,
  path: readonly string[],
  value: string,
): Insertion | undefined {
  let at = bytes.indexOf('{');
  let object = body;
  for (let depth = 0; depth < path.length; depth++) {
    const name = path[depth];
    if (!Object.hasOwn(object, name)) {
      const inner = path.slice(depth);
      const member = inner.map((part) => JSON.stringify(part)).join(':{');
      const comma = Object.keys(object).length > 0 ? ',' : '';
      return { at: at + 1, text: `${member}:${value}${'}'.repeat(inner.length - 1)}${comma}` };
    }
    const found = object[name];
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    at = valueAt(bytes, at, name);
    if (at < 0) return undefined;
    object = found as Record<string, unknown>;
  }
  return undefined;
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);

/** Where the `{` of a member's value stands, in the object that begins at `start`; −1 if its name occurs twice. */
function valueAt(bytes: Buffer, start: number, name: string): number {
  let [depth, found] = [0, -1];
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      let next = end;
      while (bytes[next] <= 0x20) next++;
      if (depth === 1 && bytes[next] === COLON && JSON.parse(bytes.toString('utf8', at, end)) === name) {
        if (found >= 0) return -1;
        found = bytes.indexOf('{', next);
      }
      at = end - 1;
    } else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte) && --depth === 0) return found;
  }
  return found;
}

/** One beyond the closing quote of the string that begins at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}
