/** Long enough to be told apart, short enough to be typed. */
const lettersMax = 40;

/** An id as people would write it, from a name: `Réanimation (Nord)` is `reanimation-nord`. Those taken are numbered. */
export function referenceFrom(name: string, isTaken: (id: string) => boolean = () => false): string {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const words = plain
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const id = words.join('-').slice(0, lettersMax).replace(/-+$/, '') || 'sans-nom';
  if (!isTaken(id)) return id;
  for (let number = 2; ; number += 1) if (!isTaken(`${id}-${number}`)) return `${id}-${number}`;
}
