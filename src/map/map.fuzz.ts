import { compile } from './compile.ts';
import { mapProblems } from './document/check.ts';
import { impact } from './impact.ts';
import { componentStates, HospitalMap, type Need } from './model.ts';
import { whatIf } from './whatIf.ts';

const odd = ['h:c0', 'x:c0', 'c9', '', '__proto__', 'constructor', 'c1', 'f1'];

/** Each byte is a choice: any bytes make a document of the right shape, and changed bytes a document a little different. */
class Choices {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  below(limit: number): number {
    this.#at += 1;
    return (this.#bytes[this.#at - 1] ?? 0) % limit;
  }

  /** Mostly one that may be there. */
  name(letter: string, many: number): string {
    const at = this.below(16 * many);
    return at < 15 * many ? `${letter}${at % many}` : (odd[this.below(odd.length)] ?? '');
  }

  /** Mostly its own. */
  id(letter: string, at: number): string {
    return this.below(32) === 31 ? this.name(letter, 3) : `${letter}${at}`;
  }

  list<Item>(max: number, of: (at: number) => Item): Item[] {
    return Array.from({ length: 1 + this.below(max) }, (_, at) => of(at));
  }

  need(depth = 0): Need {
    const kind = depth > 6 ? 0 : this.below(5);
    const inside = () => this.list(3, () => this.need(depth + 1));
    if (kind === 1) return { all: inside() };
    if (kind === 2) return { any: inside() };
    if (kind === 3) return { atLeast: 1 + this.below(3), of: inside() };
    const need = this.below(8) === 0 ? this.name('f', 4) : this.name('c', 6);
    return kind === 4 ? { need, graceSeconds: this.below(256) * 60 } : { need };
  }

  map(): unknown {
    const words = { fr: 'x' };
    return {
      version: 1,
      establishment: { id: 'h', name: words },
      sites: this.list(2, (at) => ({ id: this.id('s', at), name: words })),
      wards: this.list(3, (at) => ({
        id: this.id('w', at),
        name: words,
        site: this.name('s', 1),
        accessPoints: this.list(2, () => this.name('c', 3)),
      })),
      components: this.list(6, (at) => ({
        id: this.id('c', at),
        kind: 'application',
        name: words,
        ...(this.below(2) === 1 ? { needs: this.need() } : {}),
      })),
      startTogether: this.list(2, (at) => ({
        id: this.id('g', at),
        name: words,
        members: ['c0', ...this.list(5, (member) => this.id('c', member + 1))],
      })),
      careFunctions: this.list(4, (at) => ({
        id: this.id('f', at),
        name: words,
        tier: 1 + this.below(3),
        weight: 1 + this.below(4),
        mtpdSeconds: this.below(256) * 60,
        rtoSeconds: 1 + this.below(256) * 60,
        wards: this.list(2, () => this.name('w', 1)),
        ...(this.below(16) === 15 ? {} : { needs: this.need() }),
        ...(this.below(4) === 1 ? { partOf: this.name('f', 4) } : {}),
      })),
    };
  }
}

/** Documents made by choices, not by text: names that are alike, cycles, needs of nothing. What is accepted holds together. */
export const fuzz = {
  name: 'map by structure',
  seeds: (): Uint8Array[] =>
    [7, 31, 101].map((step) => Uint8Array.from({ length: 96 }, (_, at) => (at * step + (at >> 3)) % 251)),
  run(input: Uint8Array): void {
    const choices = new Choices(input);
    const read = HospitalMap.safeParse(choices.map());
    if (!read.success) return;
    const map = read.data;
    if (mapProblems(map).some(({ severity }) => severity === 'error')) return;
    const compiled = compile(map);
    const states = new Map(
      compiled.order.map((id) => [id, componentStates[choices.below(componentStates.length)] ?? 'up'] as const),
    );
    for (const id of compiled.components.keys()) {
      const found = whatIf(compiled, [id], { at: 0 });
      if (!found.ok) throw new Error('a component cannot be asked about');
      for (const { state, enough, unless } of found.value.careFunctions)
        if (state === 'lost' && (enough.join() !== id || unless.join() !== id))
          throw new Error('one loss, another reason');
    }
    const all = impact(compiled, states, { missing: 'unknown' });
    if (all.size !== map.components.length + map.careFunctions.length) throw new Error('something has no impact');
    const none = impact(compiled, new Map(), { missing: 'up' });
    for (const { id } of map.careFunctions)
      if (!all.has(compiled.resolve(id) ?? id)) throw new Error('a function is lost');
    if (none.size !== all.size) throw new Error('impact depends on what is asked first');
  },
};
