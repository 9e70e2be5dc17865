import { afterBlanks, beforeBlanks } from './lines.ts';

const QUOTE = 34;
/** Comma, tab, semicolon. */
const DELIMITERS = [44, 9, 59];

/** The delimiter that occurs most in a line; of equals the first of comma, tab and semicolon. */
export function delimiterOf(bytes: Buffer, start: number, end: number): number {
  const line = bytes.subarray(start, end);
  const counts = DELIMITERS.map((delimiter) =>
    line.reduce((count, byte) => count + (byte === delimiter ? 1 : 0), 0),
  );
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** The places of the fields in one line, filled anew for each line without allocating. */
export class CsvLine {
  /** Where each field begins and ends, without blanks and quotes around it. */
  readonly start: number[] = [];
  readonly end: number[] = [];
  private readonly delimiter: number;

  constructor(delimiter: number) {
    this.delimiter = delimiter;
  }

  /** Returns the number of fields, or −1 if a quoted field does not end where it should. */
  split(bytes: Buffer, start: number, end: number): number {
    let count = 0;
    for (let next = start; next <= end; count++) {
      const first = afterBlanksButTabs(bytes, next, end);
      let fieldEnd: number;
      if (bytes[first] === QUOTE && first < end) {
        const close = closingQuote(bytes, first + 1, end);
        fieldEnd = close < 0 ? -1 : afterBlanksButTabs(bytes, close + 1, end);
        if (fieldEnd < 0 || (fieldEnd < end && bytes[fieldEnd] !== this.delimiter)) return -1;
        this.start[count] = first + 1;
        this.end[count] = close;
      } else {
        fieldEnd = first;
        while (fieldEnd < end && bytes[fieldEnd] !== this.delimiter) fieldEnd++;
        this.start[count] = afterBlanks(bytes, next, fieldEnd);
        this.end[count] = beforeBlanks(bytes, this.start[count], fieldEnd);
      }
      next = fieldEnd + 1;
    }
    return count;
  }

  /** A field as text, doubled quotes as they are, cut off after `length` bytes. */
  text(bytes: Buffer, field: number, length: number): string {
    return bytes.toString('utf8', this.start[field], Math.min(this.end[field], this.start[field] + length));
  }
}

/** Tabs may be delimiters. */
function afterBlanksButTabs(bytes: Buffer, start: number, end: number): number {
  while (start < end && bytes[start] <= 32 && bytes[start] !== 9) start++;
  return start;
}

/** A doubled quote stands for one and closes nothing. */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0 && at < end; at = bytes.indexOf(QUOTE, at + 2)) {
    if (at + 1 >= end || bytes[at + 1] !== QUOTE) return at;
  }
  return -1;
}
