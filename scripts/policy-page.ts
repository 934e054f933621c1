import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { policyRows } from '../src/access/views.ts';
import { en } from '../src/words/en.ts';
import { type Catalogue, fr } from '../src/words/fr.ts';
import { rightInWords } from '../src/words/rightInWords.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'security');

/** The table of rights in words, for whoever does not program: made of `src/access/policy.ts`, in both languages. */
export const policyPages = [
  { file: join(folder, 'droits.md'), text: page(fr) },
  { file: join(folder, 'policy.md'), text: page(en) },
];

function page(words: Catalogue): string {
  const { rights } = words;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = policyRows.map((right) => {
    const { act, who, reach, demands } = rightInWords(right, words);
    return line([act, who, reach, demands]);
  });
  const head = [line([rights.act, rights.who, rights.reach, rights.demands]), line(['---', '---', '---', '---'])];
  return `# ${rights.title}\n\n${rights.lead}\n\n${[...head, ...rows].join('\n')}\n`;
}

// The starter imports what it runs, where its own Node will do.
if (process.argv[1] === import.meta.filename) {
  for (const { file, text } of policyPages) await writeFile(file, text);
  process.stdout.write(`${policyPages.map(({ file }) => file).join('\n')}\n`);
}
