import { basename } from 'node:path';
import { afterBlanks } from './lines.ts';

/** Formats whose content is recognised once it is decompressed; Parquet and columnar files are known by their first bytes. */
export type Format = 'oracleGeneral' | 'agent sessions' | 'Mooncake' | 'table' | 'pages';

/** Where a reader looks for signs of a format. */
const SEARCHED = 1 << 16;
const NEWLINE = 10;

/**
 * The format of a trace: oracleGeneral records by `oracleGeneral` or `.bin` in the file's name, JSON Lines by a `{` at the
 * start, agent sessions among them by a list of `requests` in the first line, a table by a comma, tab or semicolon in
 * the first line or by columns that are given, else one page identifier a line.
 *
 * @param path of the file
 * @param content of the file, decompressed, or its first piece
 * @param hasColumns whether the user named columns
 */
export function recogniseFormat(path: string, content: Buffer, hasColumns = false): Format {
  if (/oracleGeneral|\.bin/.test(basename(path))) return 'oracleGeneral';
  const start = afterBlanks(content, 0, content.length);
  const newline = content.indexOf(NEWLINE, start);
  const end = Math.min(start + SEARCHED, newline < 0 ? content.length : newline);
  const line = content.toString('latin1', start, end);
  if (line.startsWith('{')) return /"requests"\s*:\s*\[/.test(line) ? 'agent sessions' : 'Mooncake';
  return hasColumns || /[,;\t]./.test(line) ? 'table' : 'pages';
}
