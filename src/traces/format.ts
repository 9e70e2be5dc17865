import { basename } from 'node:path';
import { Failure } from '../support/failure.ts';
import { afterBlanks } from './lines.ts';

/** Formats whose content is recognised once it is decompressed; Parquet and columnar files are known by their first bytes. */
export type Format = 'oracleGeneral' | 'agent sessions' | 'Mooncake' | 'table' | 'pages';

/** Where a reader looks for signs of a format. */
const SEARCHED = 1 << 16;
const NEWLINE = 10;
/** No text begins with a zero byte in so many; numbers of four bytes and more nearly always do. */
const BINARY = 24;

/**
 * The format of a trace: oracleGeneral records by `oracleGeneral` or `.bin` in the file's name, JSON Lines by a `{` at the
 * start, agent sessions among them by a list of `requests` in the first line, a table by a comma, tab or semicolon in
 * the first line or by columns that are given, else one page identifier a line.
 *
 * @param path of the file
 * @param content of the file, decompressed, or its first piece
 * @param hasColumns whether the user named columns
 * @throws Failure for what is no text and has no name that tells what it is
 */
export function recogniseFormat(path: string, content: Buffer, hasColumns = false): Format {
  if (/oracleGeneral|\.bin/.test(basename(path))) return 'oracleGeneral';
  if (content.subarray(0, BINARY).includes(0))
    throw new Failure(
      `${path}: neither text nor a known binary format; give oracleGeneral records a name with oracleGeneral in it, and save text as UTF-8`,
    );
  const start = afterBlanks(content, 0, content.length);
  const newline = content.indexOf(NEWLINE, start);
  const end = Math.min(start + SEARCHED, newline < 0 ? content.length : newline);
  const line = content.toString('latin1', start, end);
  if (line.startsWith('{')) return /"requests"\s*:\s*\[/.test(line) ? 'agent sessions' : 'Mooncake';
  return hasColumns || /[,;\t]./.test(line) ? 'table' : 'pages';
}
