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
  const text = (value: string | number) =>
    Number.isInteger(value) ? value.toLocaleString('en') : `${value}`;
  const lines = [columns, rule, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const markdown = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return show('text/markdown', markdown);
}

/** Shows a figure that was drawn as SVG. */
export function figure(svg: string): Promise<void> {
  return show('image/svg+xml', svg);
}

/** Shows lines of plain text. */
export function print(...lines: readonly string[]): Promise<void> {
  return show('text/plain', lines.join('\n'));
}

/** What is shown last in a cell would be lost if the kernel said first that the cell has ended: the pause lets it go ahead. */
async function show(type: string, text: string): Promise<void> {
  await Deno.jupyter.display({ [type]: text }, { raw: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
}
