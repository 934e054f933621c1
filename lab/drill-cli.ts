import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../src/cli/answer.ts';
import type { Refusal } from '../src/journal/result.ts';
import type { DrillStage } from '../src/main/drill.ts';
import { startDrill } from './drill/drill.ts';
import { reportPdf, reportText } from './drill/report.ts';

const usage = `npm run drill -- [--json] [--seed WORD] [--lang fr|en] [--out FOLDER]
  Runs a real hospital in miniature, attacks it, brings it back. Needs root. Writes drill.json and drill.pdf into FOLDER.`;

const stages: { readonly [Name in DrillStage]: { fr: string; en: string } } = {
  leftovers: { fr: 'Restes d’un exercice interrompu', en: 'Leftovers of an interrupted drill' },
  hospital: { fr: 'Hôpital miniature', en: 'Hospital in miniature' },
  watch: { fr: 'Surveillance', en: 'Watch' },
  nights: { fr: 'Nuits de sauvegarde', en: 'Nights of backup' },
  attack: { fr: 'Attaque : chiffrement réel', en: 'Attack: real encryption' },
  detection: { fr: 'Détection', en: 'Detection' },
  containment: { fr: 'Confinement, services tenus', en: 'Containment, wards held' },
  restoration: { fr: 'Restauration en salle propre', en: 'Restoration in the clean room' },
  release: { fr: 'Vérification et ouverture', en: 'Verification and release' },
  report: { fr: 'Rapport', en: 'Report' },
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    lang: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const language = (values.lang ?? process.env.LC_ALL ?? process.env.LANG ?? 'fr').startsWith('en') ? 'en' : 'fr';
const begun = performance.now();
let shown = '';

/** Progress goes to standard error: standard output holds the report and nothing else. */
function show(stage: DrillStage, detail: string): void {
  const line = `${stages[stage][language]}${detail === '' ? '' : ` · ${detail}`}`;
  if (line === shown) return;
  shown = line;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

const drill = await startDrill({ seed: values.seed }, { stage: show, world: () => undefined });
if (!drill.ok) {
  fail(drill.refusal);
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void drill.value.stop());
  const report = await drill.value.report.finally(() => drill.value.stop());
  if (!report.ok) fail(report.refusal);
  else {
    if (values.out !== undefined) {
      await mkdir(values.out, { recursive: true });
      await writeFile(join(values.out, 'drill.json'), `${JSON.stringify(report.value, null, 2)}\n`);
      await writeFile(join(values.out, 'drill.pdf'), reportPdf(report.value, language));
    }
    process.stdout.write(
      values.json ? `${JSON.stringify(report.value)}\n` : `\n${reportText(report.value, language)}\n`,
    );
    process.exitCode = report.value.ok ? 0 : 1;
  }
}

function fail(refusal: Refusal): void {
  if (values.json) process.stdout.write(`${JSON.stringify({ ok: false, error: refusal })}\n`);
  process.stderr.write(explain(refusal, language));
  process.exitCode = 1;
}
