/** A piece of HTML that needs no more escaping. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = string | number | Markup | readonly Content[];

/**
 * Composes HTML: what is put in is escaped, unless it is itself a Markup; lists are joined.
 *
 * @example
 * markup`<p>${'a < b'}</p>`.text; // '<p>a &lt; b</p>'
 */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = strings.map((string, index) => (index === 0 ? '' : write(contents[index - 1])) + string);
  return new Markup(parts.join(''));
}

function write(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(write).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
