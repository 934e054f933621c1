import { resolve } from 'node:path';
import type { Command } from 'commander';
import { accept } from '../journal/result.ts';
import { type ConfigurationProblem, readPlansFile } from '../main/configuration.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface PlansVerdict {
  ok: boolean;
  plans: number;
  steps: number;
  problems: ConfigurationProblem[];
}

export function register(program: Command): void {
  verb(program, 'plan check', 'plan check examples/groupe-exemple/plans.yaml')
    .argument('<file>', { fr: 'fichier de plans', en: 'file of plans' }[language()])
    .action(async (file: string, _options: object, command: Command) => {
      const { value, problems } = await readPlansFile(resolve(file));
      const steps = value?.plans.reduce((sum, plan) => sum + plan.steps.length, 0) ?? 0;
      const verdict: PlansVerdict = { ok: value !== undefined, plans: value?.plans.length ?? 0, steps, problems };
      answer(command, accept(verdict), rendered);
    });
}

function rendered({ ok, plans, steps, problems }: PlansVerdict, inLanguage: Language): string {
  const lines = problems.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${message} [${code}]`,
  );
  const read = { fr: `${plans} plans et ${steps} étapes lus`, en: `${plans} plans and ${steps} steps read` }[
    inLanguage
  ];
  const kept = {
    fr: ' : ces plans ne seraient pas importés, ceux en vigueur restent.',
    en: ': these plans would not be imported, those in force stay.',
  }[inLanguage];
  return [...lines, `${read}${ok ? '.' : kept}`].join('\n');
}
