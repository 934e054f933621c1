const NO_BREAK = '\u00a0';
const NARROW_NO_BREAK = '\u202f';

/**
 * French spacing (Imprimerie nationale): no-break before a colon and inside guillemets, narrow no-break before ; ! ? %.
 * Catalogues are written with plain spaces, which people can read and edit; this makes them right once, on loading.
 */
export function frenchSpaces(text: string): string {
  return text
    .replaceAll(/ :/g, `${NO_BREAK}:`)
    .replaceAll(/ ([;!?%])/g, `${NARROW_NO_BREAK}$1`)
    .replaceAll('« ', `«${NO_BREAK}`)
    .replaceAll(' »', `${NO_BREAK}»`)
    .replaceAll(/(\d) (h|min|s|j|Ko|Mo|Go|To)(?![\p{L}])/gu, `$1${NO_BREAK}$2`);
}

/** Every text of a catalogue, and every text its functions make, with French spacing. */
export function typeset<Catalogue>(catalogue: Catalogue): Catalogue {
  return set(catalogue) as Catalogue;
}

function set(value: unknown): unknown {
  if (typeof value === 'string') return frenchSpaces(value);
  if (typeof value === 'function') return (...given: unknown[]) => set(value(...given));
  if (Array.isArray(value)) return value.map(set);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, set(inner)]));
  }
  return value;
}
