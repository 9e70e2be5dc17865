/**
 * The places nearest to the wanted ones (least squares) that are `spacing` apart, within 0 … `end`: isotonic regression
 * by pooling adjacent violators. O(n).
 *
 * @param wanted places in ascending order
 *
 * @example
 * spread([10, 10], 4, 100); // [8, 12]
 */
export function spread(wanted: readonly number[], spacing: number, end: number): number[] {
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((place, index) => {
    let block = { sum: place - index * spacing, count: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count >= block.sum / block.count;
      last = blocks.at(-1)
    ) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const latest = end - (wanted.length - 1) * spacing;
  const starts = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return starts.map((start, index) => Math.max(0, Math.min(start, latest)) + index * spacing);
}

/**
 * Breaks text at blanks into as few lines as `width` characters allow, of much the same length. A longer word stands
 * alone in its line.
 *
 * @example
 * fold('one two three four', 16); // ['one two', 'three four']
 */
export function fold(text: string, width: number): string[] {
  const lines = breakAt(text, width);
  for (let narrower = width - 1; narrower > 0; narrower--) {
    const folded = breakAt(text, narrower);
    if (folded.length > lines.length) return breakAt(text, narrower + 1);
  }
  return lines;
}

function breakAt(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
