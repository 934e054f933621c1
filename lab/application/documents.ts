import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { pdfOf } from './pdf.ts';

/** What a discharge report says. */
export interface Report {
  stayNumber: string;
  patientIpp: string;
  patientName: string;
  birthDate: string;
  ward: string;
  admittedAt: string;
  dischargedAt: string;
  reason: string | null;
}

/** A report's line in the database; `path` is relative to the documents' folder. */
export interface DocumentRow {
  id: string;
  stayNumber: string;
  patientIpp: string;
  title: string;
  path: string;
  mediaType: string;
  sha256: string;
  bytes: number;
  writtenAt: string;
}

export const documentsFolder = (dataFolder: string): string => join(dataFolder, 'documents');
export const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const day = (iso: string) => iso.slice(0, 10).split('-').reverse().join('/');

/** Writes a stay's report as a PDF, durably, and returns the line that names it. The same report gives the same file. */
export async function writeReport(dataFolder: string, report: Report, durable: boolean): Promise<DocumentRow> {
  const title = `Compte rendu d’hospitalisation – ${report.ward}`;
  const content = pdfOf([
    title,
    '',
    'Centre hospitalier du Val-Serein – données synthétiques',
    '',
    `Patient : ${report.patientName}, né(e) le ${day(report.birthDate)}`,
    `IPP : ${report.patientIpp}     Dossier : ${report.stayNumber}`,
    '',
    `Entrée le ${day(report.admittedAt)}, sortie le ${day(report.dischargedAt)}.`,
    `Motif : ${report.reason ?? 'non renseigné'}.`,
    '',
    'Évolution favorable. Traitement de sortie et résultats : voir le dossier du patient.',
    'Consultation de contrôle à prévoir avec le médecin traitant.',
  ]);
  const path = join(report.dischargedAt.slice(0, 7), report.patientIpp, `${report.stayNumber}-compte-rendu.pdf`);
  const whole = join(documentsFolder(dataFolder), path);
  await mkdir(dirname(whole), { recursive: true });
  const draft = `${whole}.${randomUUID()}.part`;
  const file = await open(draft, 'wx', 0o640);
  try {
    await file.writeFile(content);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, whole);
  return {
    id: `CR${report.stayNumber}`,
    stayNumber: report.stayNumber,
    patientIpp: report.patientIpp,
    title,
    path,
    mediaType: 'application/pdf',
    sha256: digest(content),
    bytes: content.length,
    writtenAt: report.dischargedAt,
  };
}

/** The file of a document line, only if it is still what was written. */
export async function readDocument(dataFolder: string, row: { path: string; sha256: string }): Promise<Buffer> {
  const path = normalize(row.path);
  if (path.startsWith('..') || path.startsWith('/')) throw new Error('a document lies outside the documents’ folder');
  const content = await readFile(join(documentsFolder(dataFolder), path)).catch(() => {
    throw new Error('a report is missing or unreadable');
  });
  if (digest(content) !== row.sha256) throw new Error('a report is not what was written');
  return content;
}
