import { Failure } from '../support/failure.ts';

/** Which columns of a table hold what is known of an access, counted from 0; −1 for what there is not. */
export interface ColumnPlaces {
  readonly time: number;
  readonly page: number;
  /** Of the page in bytes. */
  readonly size: number;
  /** Of a fault on the page. */
  readonly cost: number;
}

/** Columns by name, or by position counted from 1; what is left out is found. */
export interface ColumnNames {
  readonly time?: string;
  readonly page?: string;
  readonly size?: string;
  readonly cost?: string;
}

/** Names under which a column is found, the first that is there; capitals, blanks, `_` and `-` mean nothing. */
const FOUND = {
  time: ['time', 'timestamp', 'ts', 't', 'clocktime', 'realtime'],
  page: [
    'page',
    'pageid',
    'block',
    'blockid',
    'id',
    'objid',
    'objectid',
    'key',
    'lbn',
    'lba',
    'offset',
    'address',
  ],
  size: ['size', 'pagesize', 'objsize', 'objectsize', 'sizebytes', 'bytes', 'iosize', 'length', 'len'],
  cost: ['cost', 'faultcost', 'misscost'],
} as const;

/** Where the columns are in a table of two or three without names. */
const UNNAMED = { time: 0, page: 1, size: 2, cost: 3 } as const;

/** Two such columns: a trace of how long prompts and answers were, and of nothing they held (Azure, BurstGPT, ServeGen). */
const LENGTH = /tokens|length/;

/**
 * Finds the columns of a table: those that were named, else by usual names. Other columns, such as operations, are not
 * used: reads and writes are accesses alike.
 *
 * @param header names of the columns, `undefined` where the table has none: then positions must be given, except that a
 * table of two columns has time and page, and one of three has time, page and size
 * @param place what failures begin with
 * @throws Failure naming the columns there are, if a column is not among them or no page is found
 */
export function findColumns(
  header: readonly string[] | undefined,
  width: number,
  given: ColumnNames,
  place: string,
): ColumnPlaces {
  const names = header?.map(plain);
  const named = (name: string): number => {
    const position = /^\d+$/.test(name) ? Number(name) - 1 : (names?.indexOf(plain(name)) ?? -1);
    if (position >= 0 && position < width) return position;
    throw new Failure(`${place}: there is no column ${name}; ${choices(header, width)}`);
  };
  const found = (column: keyof ColumnPlaces): number => {
    if (names === undefined) return width <= 3 && width > Math.max(1, UNNAMED[column]) ? UNNAMED[column] : -1;
    const usual: readonly string[] = FOUND[column];
    return names.indexOf(usual.find((name) => names.includes(name)) ?? '');
  };
  const placeOf = (column: keyof ColumnPlaces): number => {
    const name = given[column];
    return name === undefined ? found(column) : named(name);
  };
  const page = placeOf('page');
  const time = placeOf('time');
  if (page < 0 && names !== undefined) refuseLengthsOnly(names, place);
  if (page < 0) throw new Failure(`${place}: no column of pages is found; ${choices(header, width)}`);
  return { time: time === page ? -1 : time, page, size: placeOf('size'), cost: placeOf('cost') };
}

/**
 * Called for a trace without blocks or pages.
 *
 * @throws Failure if its fields tell lengths of prompts and answers, which is all that many published traces do
 */
export function refuseLengthsOnly(fields: readonly string[], place: string): void {
  if (fields.filter((name) => LENGTH.test(name)).length < 2) return;
  throw new Failure(
    `${place}: only arrivals and lengths, no blocks: no request sequence can be made of this trace; give one that names the blocks or pages of each request`,
  );
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[ _-]/g, '');
}

function choices(header: readonly string[] | undefined, width: number): string {
  const listed =
    header === undefined
      ? `1 … ${width}`
      : header
          .slice(0, 12)
          .map((name) => JSON.stringify(name.slice(0, 20)))
          .join(', ');
  return `choose with onebit trace convert --columns page=…,time=… among ${listed}`;
}
