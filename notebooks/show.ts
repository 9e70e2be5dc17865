/** How the notebooks show tables and figures, so that they read well where notebooks are only displayed. */

/** What Deno's kernel for Jupyter offers, as far as it is used here. */
declare const Deno: {
  readonly jupyter: {
    display(data: Readonly<Record<string, string>>, options: { readonly raw: true }): Promise<void>;
  };
};

type Row = Readonly<Record<string, string | number>>;

/** Shows rows as a table. Numbers stand to the right, whole ones with separators. */
export function table(rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0]);
  const rule = columns.map((column) => (typeof rows[0][column] === 'number' ? '---:' : '---'));
  const text = (value: string | number) => (Number.isInteger(value) ? value.toLocaleString('en') : `${value}`);
  const lines = [columns, rule, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const markdown = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return Deno.jupyter.display({ 'text/markdown': markdown }, { raw: true });
}

/** Shows a figure that was drawn as SVG. */
export function figure(svg: string): Promise<void> {
  return Deno.jupyter.display({ 'image/svg+xml': svg }, { raw: true });
}
