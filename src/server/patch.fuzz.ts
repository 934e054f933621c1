import { applyPatch, type Operation } from 'rfc6902';
import { patchOf } from './patch.ts';

/** Two views, and what a server of another version, or an intruder in its place, might send as a patch: three lines of JSON. */
export const fuzz = {
  name: 'patches of views',
  seeds: (): Uint8Array[] =>
    [
      '{"a":[1,2,3],"b":{"c":null}}\n{"a":[1,3,4],"b":{"d":"x"}}\n[{"op":"add","path":"/a/-","value":1}]',
      '[{"id":"x","n":1},{"id":"y"}]\n[{"id":"y"},{"id":"x","n":2}]\n[{"op":"move","from":"/0","path":"/1"},{"op":"test","path":"/0","value":{}}]',
      '{}\n{"~":1,"a/b":2,"":3}\n[{"op":"add","path":"/__proto__/polluted","value":1},{"op":"copy","from":"","path":"/constructor/prototype/polluted"}]',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const [before, after, patch] = Buffer.from(input).toString('utf8').split('\n').map(valueIn);
    if (before !== undefined && after !== undefined) {
      const holder = { view: structuredClone(before) };
      const failed = applyPatch(holder, patchOf({ view: before }, { view: after })).some((failure) => failure !== null);
      if (failed) throw new Error('a patch of ours does not apply');
      if (!same(holder.view, after)) throw new Error('a patch of ours gives another view');
    }
    if (!Array.isArray(patch)) return;
    // As the interface does: a patch that cannot be applied makes it ask for everything again.
    try {
      applyPatch(structuredClone(before ?? {}), patch.filter(isOperation));
    } catch {}
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) throw new Error('a prototype was touched');
  },
};

const isOperation = (value: unknown): value is Operation => typeof value === 'object' && value !== null;

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Equal as JSON, whatever the order of members. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other) || one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(Reflect.get(one, name), Reflect.get(other, name)))
  );
}
