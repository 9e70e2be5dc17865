import { createRequire } from 'node:module';
import { Failure } from '../support/failure.ts';

/** Pixels of a PNG for each pixel of the SVG, so that it stays sharp when enlarged. */
const SCALE = 2;
const FONT = 'Open Sans';
const FONT_FILES = ['400Regular/OpenSans_400Regular.ttf', '600SemiBold/OpenSans_600SemiBold.ttf'];

/**
 * Draws a figure as PNG, twice as wide and as high. Text is set in a font that comes along, whatever fonts the machine has:
 * equal figures give equal bytes.
 *
 * @param svg a figure as `drawChart` makes it
 * @throws Failure if the renderer is not there for this kind of machine
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await loadRenderer();
  const require = createRequire(import.meta.url);
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES.map((file) => require.resolve(`@expo-google-fonts/open-sans/${file}`)),
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  });
  return renderer.render().asPng();
}

/** Only when it is needed: the renderer is a binary, which exists for most kinds of machines but not for all. */
async function loadRenderer() {
  try {
    return await import('@resvg/resvg-js');
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new Failure(`PNG cannot be drawn here (${reason}); end the name of the figure in .svg instead`);
  }
}
