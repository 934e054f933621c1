import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { acts, demandsOf, rightTo } from '../src/access/policy.ts';
import { en } from '../src/words/en.ts';
import { type Catalogue, fr } from '../src/words/fr.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'security');

/** The table of rights in words, for whoever does not program: made of `src/access/policy.ts`, in both languages. */
export const policyPages = [
  { file: join(folder, 'droits.md'), text: page(fr) },
  { file: join(folder, 'policy.md'), text: page(en) },
];

function page(words: Catalogue): string {
  const { rights } = words;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = acts.map((act) => {
    const right = rightTo(act);
    const demands = demandsOf(right).map((one) => rights[one]);
    const who =
      typeof right.allowed === 'string'
        ? { public: rights.anyone, signedIn: rights.signedIn, site: rights.site }[right.allowed]
        : [...new Set(right.allowed)].map((role) => words.access.roles[role]).join(', ');
    return line([
      words.acts[act],
      who,
      right.allowed === 'signedIn' ? rights.own : rights.scopes[right.scope],
      demands.join(', '),
    ]);
  });
  const head = [line([rights.act, rights.who, rights.reach, rights.demands]), line(['---', '---', '---', '---'])];
  return `# ${rights.title}\n\n${rights.lead}\n\n${[...head, ...rows].join('\n')}\n`;
}

if (import.meta.main) {
  for (const { file, text } of policyPages) await writeFile(file, text);
  process.stdout.write(`${policyPages.map(({ file }) => file).join('\n')}\n`);
}
