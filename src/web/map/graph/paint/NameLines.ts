import type { Palette } from './palette.ts';

/** Names broken over two lines of a box, measured once. */
export class NameLines {
  readonly font: string;
  readonly #context: CanvasRenderingContext2D;
  readonly #width: number;
  readonly #known = new Map<string, readonly string[]>();

  constructor(context: CanvasRenderingContext2D, palette: Palette, boxWidth: number) {
    this.font = `600 ${palette.rem * 0.875}px ${palette.font}`;
    this.#context = context;
    this.#width = boxWidth - palette.rem * 2.25;
  }

  of(name: string): readonly string[] {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#context.font = this.font;
    const lines = this.#broken(name);
    this.#known.set(name, lines);
    return lines;
  }

  /** On one line, the number always in sight. */
  withNumber(name: string, number: number): string {
    const key = `${name} ${number}`;
    const known = this.#known.get(key)?.[0];
    if (known !== undefined) return known;
    this.#context.font = this.font;
    const line = this.#cut(name, ` · ${number}`);
    this.#known.set(key, [line]);
    return line;
  }

  #fits = (text: string): boolean => this.#context.measureText(text).width <= this.#width;

  #broken(name: string): string[] {
    if (this.#fits(name)) return [name];
    const words = name.split(/(?<=[ \-/._])/u);
    let first = '';
    while (words.length > 0 && this.#fits((first + words[0]).trimEnd())) first += words.shift();
    if (first === '') return [this.#cut(name)];
    const rest = words.join('');
    return rest === '' ? [first.trimEnd()] : [first.trimEnd(), this.#cut(rest)];
  }

  #cut(text: string, after = ''): string {
    if (this.#fits(text + after)) return text + after;
    let end = text.length;
    while (end > 1 && !this.#fits(`${text.slice(0, end)}…${after}`)) end -= 1;
    return `${text.slice(0, end).trimEnd()}…${after}`;
  }
}
