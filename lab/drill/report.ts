import { literal, renderPdf } from '../../src/adapters/pdf/typst.ts';
import type { DrillReport } from '../../src/main/drill.ts';

export type ReportLanguage = 'fr' | 'en';

const words = {
  fr: {
    title: 'Exercice réel : rapport',
    function: 'Fonction de soins',
    target: 'Objectif',
    back: 'Revenue en',
    verified: 'Vérifiée',
    yes: 'oui',
    no: 'non',
    detected: 'Détectée après',
    isolation: 'Salle blanche : chemins essayés / échappés',
    gap: 'Minutes sans soins assurés × poids',
    tier: 'rang',
    horizon: 'Dernière nuit sans signe connu',
    rules: 'règles du',
    noRules: 'aucune règle',
    notExamined: 'non examinés :',
    isBefore: { implant: 'la nuit d’avant l’implant', encryption: 'la nuit d’avant le chiffrement' },
    isNotBefore: {
      implant: 'PAS la nuit d’avant l’implant, entré la nuit du',
      encryption: 'PAS la nuit d’avant le chiffrement, vu la nuit du',
    },
    passedOver: 'écartée',
    lost: (nights: number, added: number, changed: number) =>
      `perdu avec ${nights} ${nights === 1 ? 'nuit écartée' : 'nuits écartées'} : fichiers venus ${added}, modifiés ${changed}`,
    never: 'jamais',
    ok: 'Toutes les fonctions du périmètre sont vérifiées.',
    notOk: 'Toutes les fonctions du périmètre ne sont pas vérifiées.',
    read: 'Lu par un logiciel de soins après ouverture',
    note: 'Hôpital miniature réel : base de données, archive d’images, messages HL7, sauvegardes, chiffrement réel. Données synthétiques.',
    failures: 'Ce qui a manqué',
  },
  en: {
    title: 'Real drill: report',
    function: 'Care function',
    target: 'Target',
    back: 'Back after',
    verified: 'Verified',
    yes: 'yes',
    no: 'no',
    detected: 'Detected after',
    isolation: 'Clean room: paths tried / escaped',
    gap: 'Minutes without assured care × weight',
    tier: 'tier',
    horizon: 'Last night with no known sign',
    rules: 'rules of',
    noRules: 'no rules',
    notExamined: 'not examined:',
    isBefore: { implant: 'the night before the implant', encryption: 'the night before the encryption' },
    isNotBefore: {
      implant: 'NOT the night before the implant, first there in the night of',
      encryption: 'NOT the night before the encryption, first there in the night of',
    },
    passedOver: 'passed over',
    lost: (nights: number, added: number, changed: number) =>
      `lost with ${nights} ${nights === 1 ? 'night' : 'nights'} passed over: files added ${added}, changed ${changed}`,
    never: 'never',
    ok: 'Every care function of the perimeter is verified.',
    notOk: 'Not every care function of the perimeter is verified.',
    read: 'Read by care software after opening',
    note: 'A real hospital in miniature: database, image archive, HL7 messages, backups, real encryption. Synthetic data.',
    failures: 'What was missing',
  },
} as const;

export function duration(seconds: number | null, language: ReportLanguage): string {
  if (seconds === null) return words[language].never;
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** The report as a terminal shows it. */
export function reportText(report: DrillReport, language: ReportLanguage): string {
  const say = words[language];
  const name = (one: { name: { fr: string; en?: string | undefined } }) =>
    language === 'en' ? (one.name.en ?? one.name.fr) : one.name.fr;
  const rows = [
    [say.function, say.target, say.back, say.verified],
    ...report.careFunctions.map((one) => [
      name(one),
      duration(one.targetSeconds, language),
      duration(one.restoredSeconds, language),
      one.verified ? `✔ ${say.yes}` : `✘ ${say.no}`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  const tiers = Object.entries(report.careGap.byTier).map(
    ([tier, { low, high }]) => `${say.tier} ${tier} : ${round(low)}–${round(high)}`,
  );
  return [
    line(head),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...body.map(line),
    '',
    `${say.detected} : ${duration(report.detectedAfterSeconds, language)}`,
    `${say.isolation} : ${report.isolation.attempts} / ${report.isolation.escaped}`,
    `${say.gap} : ${tiers.join(', ')}`,
    ...Object.entries(report.cleanPoint).map(
      ([component, point]) => `${say.horizon}, ${component} : ${pointText(point, language)}`,
    ),
    ...(report.clinicianRead === null
      ? []
      : [`${say.read} : ${report.clinicianRead.what} ${report.clinicianRead.count}`]),
    ...(report.failures.length === 0
      ? []
      : [`${say.failures} :`, ...report.failures.map((failure) => `  - ${failure}`)]),
    '',
    report.ok ? say.ok : say.notOk,
  ].join('\n');
}

const minute = (time: string): string => time.slice(0, 16);

function pointText(point: DrillReport['cleanPoint'][string], language: ReportLanguage): string {
  const say = words[language];
  const { attacked, isNightBeforeAttacked, lost, rulesOf } = point;
  const made = [rulesOf === null ? say.noRules : `${say.rules} ${rulesOf}`, `${say.notExamined} ${point.notExamined}`];
  const place =
    attacked === null
      ? []
      : isNightBeforeAttacked
        ? [say.isBefore[attacked.stage]]
        : [`${say.isNotBefore[attacked.stage]} ${minute(attacked.night)}`];
  return [
    `${minute(point.horizon)} (${made.join(', ')})`,
    ...place,
    ...point.passedOver.map((one) => `${minute(one.time)} ${say.passedOver} (${one.reason})`),
    ...(lost.nights === 0 ? [] : [say.lost(lost.nights, lost.added, lost.changed)]),
  ].join('; ');
}

const round = (minutes: number): string => String(Math.round(minutes * 10) / 10);

/** The same report as a PDF one can file. */
export function reportPdf(report: DrillReport, language: ReportLanguage): Buffer {
  const say = words[language];
  const cell = (text: string) => `[#text(${literal(text)})]`;
  const rows = report.careFunctions.flatMap((one) => [
    cell(language === 'en' ? (one.name.en ?? one.name.fr) : one.name.fr),
    cell(duration(one.targetSeconds, language)),
    cell(duration(one.restoredSeconds, language)),
    cell(one.verified ? say.yes : say.no),
  ]);
  const text = reportText(report, language)
    .split('\n')
    .slice(report.careFunctions.length + 3);
  return renderPdf(
    [
      `#set text(lang: ${literal(language)}, size: 10.5pt)`,
      '#set page(margin: 2cm, numbering: "1 / 1")',
      `#set document(title: ${literal(say.title)}, date: auto)`,
      `= #text(${literal(say.title)})`,
      `#text(${literal(`${report.startedAt} · ${report.seed}`)})`,
      '',
      `#text(${literal(say.note)})`,
      '',
      `#table(columns: (1fr, auto, auto, auto), inset: 6pt, align: (left, right, right, left), table.header(${[say.function, say.target, say.back, say.verified].map(cell).join(', ')}), ${rows.join(', ')})`,
      '',
      ...text.filter((row) => row !== '').map((row) => `- #text(${literal(row)})`),
    ].join('\n'),
    new Date(report.startedAt),
  );
}
