import { createHash } from 'node:crypto';

/** A seeded stream of choices: the same seed and labels give the same hospital on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [low, high], both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** By weight; weights need not sum to one. */
  weighted<Item extends { weight: number }>(items: readonly Item[]): Item;
  /** Approximately normal (sum of twelve uniforms). */
  normal(mean: number, deviation: number): number;
  /** An independent stream, so that adding a draw in one part of the hospital leaves the others as they were. */
  fork(label: string): Random;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes the usual batteries; nothing here is a secret. */
export function randomOf(seed: string | number): Random {
  const state = createHash('sha256').update(String(seed)).digest();
  let a = state.readUInt32LE(0);
  let b = state.readUInt32LE(4);
  let c = state.readUInt32LE(8);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  const random: Random = {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => at(items, Math.floor(next() * items.length)),
    weighted: (items) => {
      let left = next() * items.reduce((sum, item) => sum + item.weight, 0);
      for (const item of items) {
        left -= item.weight;
        if (left < 0) return item;
      }
      return at(items, items.length - 1);
    },
    normal: (mean, deviation) => {
      let sum = 0;
      for (let draw = 0; draw < 12; draw++) sum += next();
      return mean + (sum - 6) * deviation;
    },
    fork: (label) => randomOf(`${seed}/${label}`),
  };
  return random;
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error('a choice among nothing');
  return item;
}
