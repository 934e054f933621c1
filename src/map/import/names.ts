/** What two ways to write one name have in common: no accents, no case, no punctuation. */
export const sameName = (name: string): string =>
  folded(name)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** `Réanimation – Œil` as plain letters. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l');
}

/** Longest id made from a name: people read and type it. */
const lettersMax = 60;

/** A readable id made from a name: `Dossier médical` is `dossier-medical`. Never empty. */
export function idOf(name: string, otherwise = 'sans-nom'): string {
  const id = folded(name)
    .replace(/['’]/g, '-')
    .replace(/\+/g, '-plus')
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, lettersMax)
    .replace(/^[-.]+|[-.]+$/g, '');
  return id === '' ? otherwise : id;
}

/** `id`, or `id-2`, `id-3`… : the first that is free. */
export function freeId(id: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(id)) return id;
  for (let count = 2; ; count += 1) if (!isTaken(`${id}-${count}`)) return `${id}-${count}`;
}
