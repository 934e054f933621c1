import type { FactCheck } from './events.ts';
import type { KnownFact } from './ports.ts';

/**
 * What a restored service says, beside what was known of it while healthy: the latest taking at or before the data horizon,
 * in whatever order they were recorded.
 * A fact nobody recorded before the horizon does not agree: unknown is never shown as fine.
 */
export function compareFacts(
  probe: string,
  taken: readonly { at: string; facts: readonly KnownFact[] }[],
  horizon: string | null,
  found: readonly KnownFact[],
): FactCheck[] {
  const before = horizon === null ? [] : taken.filter((taking) => Date.parse(taking.at) <= Date.parse(horizon));
  const known = before.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).at(-1)?.facts ?? [];
  const names = [...new Set([...known.map((fact) => fact.name), ...found.map((fact) => fact.name)])];
  return names.map((name) => {
    const expected = known.find((fact) => fact.name === name);
    const answer = found.find((fact) => fact.name === name);
    return {
      probe,
      name,
      expected: expected?.value ?? null,
      found: answer?.value ?? null,
      agrees: agree(expected, answer),
    };
  });
}

function agree(expected: KnownFact | undefined, found: KnownFact | undefined): boolean {
  if (expected === undefined || found === undefined) return false;
  if (expected.rule === 'atLeast')
    return typeof found.value === 'number' && typeof expected.value === 'number' && found.value >= expected.value;
  return found.value === expected.value;
}
