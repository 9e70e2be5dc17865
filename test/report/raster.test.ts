import t from 'tap';
import { curveFigure } from '../../src/report/curve.ts';
import { pngOf } from '../../src/report/raster.ts';

const records = [1, 50, 2000].map((capacity, i) => ({
  trace: 'made up',
  capacity,
  requests: 1000,
  lruFaults: 900 - 300 * i,
  optFaults: 800 - 300 * i,
  lruHitRatio: 0.1 + 0.3 * i,
  optHitRatio: 0.2 + 0.3 * i,
}));

t.test('a figure as PNG is twice as wide and as high, and the same each time', async (t) => {
  const svg = await curveFigure(records);
  const png = Buffer.from(await pngOf(svg));
  t.equal(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  const [, width, height] = svg.match(/width="(\d+)" height="(\d+)"/)?.map(Number) ?? [];
  t.strictSame([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
  t.ok(png.equals(await pngOf(svg)));
});

t.test('text is drawn, in more than one weight', async (t) => {
  const text = (content: string, weight: number) =>
    pngOf(
      `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15" font-family="system-ui, sans-serif" font-weight="${weight}">${content}</text></svg>`,
    );
  const pictures = [await text('', 400), await text('hits 0.5', 400), await text('hits 0.5', 600)];
  t.equal(new Set(pictures.map((png) => Buffer.from(png).toString('base64'))).size, 3);
});
