import type { YaraX } from '@litko/yara-x';
import type { RuleText } from './frames.ts';

/** Names of the rules that match. */
export type Matcher = (content: Buffer) => string[];

export interface CompiledRules {
  /** Null where none can be applied on this machine. */
  engine: string | null;
  refused: { file: string; reason: string }[];
  match: Matcher;
}

/** A file that matches a pattern a million times is not worth a million objects. */
const matchesPerPatternMax = 100;

const declared = /^\s*(?:(?:private|global)\s+)*rule\s+(\w+)/gm;

/**
 * All rules together as far as their names allow: one pass over a content for all. Files that do not compile are refused one by one,
 * with the compiler's words; the others stand.
 */
export async function compileRules(texts: readonly RuleText[]): Promise<CompiledRules> {
  if (texts.length === 0) return { engine: null, refused: [], match: () => [] };
  let yara: typeof import('@litko/yara-x');
  try {
    yara = await import('@litko/yara-x');
  } catch (error) {
    const why = `no engine for rules on this machine: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`;
    return { engine: null, refused: texts.map(({ file }) => ({ file, reason: why })), match: () => [] };
  }
  const refused: CompiledRules['refused'] = [];
  // An `include` would read files of the machine: rules come as one text each.
  const options = { enableIncludes: false };
  const compiled = (some: readonly RuleText[]): YaraX => yara.compile(some.map(({ text }) => text).join('\n'), options);
  const scanners = groupsOf(texts).flatMap((group) => {
    try {
      return [compiled(group)];
    } catch {
      const sound = group.filter(({ file, text }) => {
        const [error] = yara.validate(text, options).errors;
        if (error !== undefined) refused.push({ file, reason: error.message.slice(0, 500) });
        return error === undefined;
      });
      return sound.length === 0 ? [] : [compiled(sound)];
    }
  });
  for (const scanner of scanners) scanner.setMaxMatchesPerPattern(matchesPerPatternMax);
  const match: Matcher = (content) =>
    scanners.flatMap((scanner) => scanner.scan(content).map(({ ruleIdentifier }) => ruleIdentifier));
  return { engine: 'yara-x', refused, match };
}

/** Files whose rules bear the same names cannot be compiled together. */
function groupsOf(texts: readonly RuleText[]): RuleText[][] {
  const groups: { texts: RuleText[]; names: Set<string> }[] = [];
  for (const text of texts) {
    const names = [...text.text.matchAll(declared)].map(([, name]) => name ?? '');
    const fitting = groups.find((group) => !names.some((name) => group.names.has(name)));
    const group = fitting ?? { texts: [], names: new Set() };
    if (fitting === undefined) groups.push(group);
    group.texts.push(text);
    for (const name of names) group.names.add(name);
  }
  return groups.map((group) => group.texts);
}
