import { pngOf } from '../report/raster.ts';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';

/** @throws Failure unless a figure's file has the ending of a format that can be written */
export function checkFigureName(path: string): void {
  if (!/\.(svg|png)$/.test(path))
    throw new Failure(
      `--out: “${path}” is not the name of a figure; end it in .svg or .png, as in curve.svg`,
    );
}

/** Writes a figure as SVG or PNG, by the ending of its name. */
export async function writeFigure(path: string, svg: string): Promise<void> {
  writeFile(path, path.endsWith('.png') ? await pngOf(svg) : svg);
}
