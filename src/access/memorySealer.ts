import { Refused } from '../journal/result.ts';
import { type Sealer, sealedAltered } from './sealer.ts';

/** The in-memory twin: what is sealed stays in this process, and the "sealed" bytes are only its number. */
export function memorySealer(): Sealer {
  const kept: { what: string; plain: Uint8Array }[] = [];
  const indexes = new Map<string, string>();
  return {
    seal(what, plain) {
      kept.push({ what, plain: typeof plain === 'string' ? new TextEncoder().encode(plain) : plain.slice() });
      return new TextEncoder().encode(`sealed-${kept.length - 1}`);
    },
    open(what, sealed) {
      const [, number] = /^sealed-(\d+)$/.exec(new TextDecoder().decode(sealed)) ?? [];
      const found = number === undefined ? undefined : kept[Number(number)];
      if (found?.what === what) return found.plain.slice();
      throw new Refused(sealedAltered(what));
    },
    index(what, text) {
      const name = JSON.stringify([what, text]);
      const known = indexes.get(name) ?? String(indexes.size + 1).padStart(64, '0');
      indexes.set(name, known);
      return known;
    },
  };
}
