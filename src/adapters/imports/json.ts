import { accept, type Result, refuse } from '../../journal/result.ts';
import { decoded } from './text.ts';

/** Deepest nesting read: inventories have a dozen levels. */
const depthMax = 100;

/** A JSON file as plain data, its shape unknown; refused where it is none, or nested beyond all measure. */
export function parsedJson({ name, bytes }: { name: string; bytes: Uint8Array }): Result<unknown> {
  const wrong = (message: string) =>
    refuse('import-unreadable', message, {
      where: name,
      expected: 'a JSON file',
      kept: 'The map is unchanged.',
      cure: 'Export it again from the tool it comes from.',
    });
  const text = decoded(bytes);
  if (text === undefined) return wrong('This file is no text.');
  if (depthOf(text) > depthMax) return wrong(`This file is nested more than ${depthMax} deep.`);
  try {
    return accept(JSON.parse(text));
  } catch (error) {
    return wrong(`This file is no JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'no reason given'}.`);
  }
}

/** How deep brackets are nested outside texts. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isText) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) isText = false;
    } else if (char === 0x22) isText = true;
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return deepest;
}

/** A part of data whose shape nobody promised: what is asked for, or nothing. */
export class Loose {
  readonly #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }

  get(field: string): Loose {
    const value = this.#value;
    const isGroup = typeof value === 'object' && value !== null && Object.hasOwn(value, field);
    return new Loose(isGroup ? (value as { [field: string]: unknown })[field] : undefined);
  }

  /** A text, or a number as one; '' where there is none. */
  text(): string {
    const value = this.#value;
    return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  }

  number(): number | undefined {
    const value = typeof this.#value === 'string' && this.#value !== '' ? Number(this.#value) : this.#value;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  isTrue(): boolean {
    return this.#value === true;
  }

  list(): Loose[] {
    return Array.isArray(this.#value) ? this.#value.map((one) => new Loose(one)) : [];
  }
}
