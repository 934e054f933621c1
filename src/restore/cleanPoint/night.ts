import { ENCRYPTED_FILES, ENCRYPTED_SHARE, hasLockedName, isRansomNote, NOTE_FOLDERS } from '../signs.ts';
import { type ContentFacts, encryptionOf } from './content.ts';

/** A file of a night: its path, and its content by a key that is the same wherever the same bytes stand. */
export interface NightFile {
  path: string;
  content: string;
  bytes: number;
}

/** What a backup says of a night before one looks into it. */
export interface NightHead {
  id: string;
  /** What the backup says; anybody who could write could say it. */
  time: string;
  /** When the storage says its file was written. */
  storedAt?: string;
  host: string;
  paths: readonly string[];
}

export interface NightContent {
  files: readonly NightFile[];
  /** What of it cannot be read. */
  damaged: readonly { path: string; reason: string }[];
  /** Path of the folder that becomes the restored tree, where that is not the whole: `/srv/ehr`. */
  above?: string;
}

export interface Finding {
  path: string;
  /** A rule's own name, or one of ours: `content-encrypted`, `mass-rename`, `ransom-note`, `canary-altered`, `canary-missing`, `lost-files`, `lost-bytes`, `emptied-table`, `date-contradicted`, `foreign`. */
  rule: string;
  reason: string;
  /** People explained it: told, and no sign. */
  explained?: true;
}

/** What a night shows by its own content, its date and origin aside. */
export interface Shown {
  /** `clean` is the machine's word: people read «no known sign». */
  verdict: 'clean' | 'dirty' | 'damaged' | 'unknown';
  findings: Finding[];
  notExamined: { path: string; reason: string }[];
  files: number;
  bytes: number;
}

export interface NightVerdict extends Shown {
  id: string;
  time: string;
}

/** What came, changed and went from one night to the next. */
export interface NightChange {
  added: number;
  changed: number;
  removed: number;
  /** Of the files that came or changed. */
  bytesNew: number;
}

/** A night that keeps less than this of the night before, of its files or bytes, lost most of them. */
const keptShareMin = 0.5;
/** Below this many files or rows half of them may go on an ordinary day. */
const countedMin = 20;
/** Kept of one sign, and as many of what was explained of it: enough to look at, and none hides another. */
const findingsPerSign = 100;
export interface Known {
  facts(content: string): ContentFacts | undefined;
  /** Path inside the restored tree, or as the backup names it; SHA-256. */
  canaries: readonly { path: string; sha256: string }[];
  /** Whether people explained this very finding. */
  isExplained(found: Found): boolean;
}

/** A finding with the content it was made in, by its key; without one where it speaks of what is not there, or of the whole night. */
export interface Found extends Finding {
  content?: string;
}

/**
 * What one night shows by its own content, and against one before: the latest of the same machine and folders that showed no sign.
 * A content of which nothing is known is not examined; a night with such a content and no sign is still judged by the rest.
 */
export function shownBy(night: NightContent, before: NightContent | undefined, known: Known): Shown {
  const { found, notExamined } = everythingIn(night, before, known);
  const kept = new Map<string, number>();
  const findings = found.flatMap(({ content: _content, ...finding }): Finding[] => {
    const { rule, explained = false } = finding;
    const already = kept.get(`${rule} ${explained}`) ?? 0;
    kept.set(`${rule} ${explained}`, already + 1);
    return already < findingsPerSign ? [finding] : [];
  });
  return {
    verdict: findings.some(isSign) ? 'dirty' : withoutSign(night, notExamined),
    findings,
    notExamined,
    files: night.files.length,
    bytes: bytesOf(night),
  };
}

const isSign = ({ explained }: Finding): boolean => explained !== true;

/** Every finding of a night, however many, and what could not be looked at. */
export function everythingIn(
  night: NightContent,
  before: NightContent | undefined,
  known: Known,
): { found: Found[] } & Pick<Shown, 'notExamined'> {
  const earlier = new Map(before?.files.map((file) => [file.path, file]));
  const notExamined: Shown['notExamined'] = [...night.damaged];
  const unread = new Set(night.damaged.map(({ path }) => path));
  const [ruled, encrypted, renamed, notes]: [Found[], Found[], Found[], Found[]] = [[], [], [], []];
  let judged = 0;
  for (const { path, content, bytes } of night.files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const here = { path, content };
    if (isRansomNote(name)) notes.push({ ...here, rule: 'ransom-note', reason: 'is named as a ransom note is' });
    if (hasLockedName(name))
      renamed.push({ ...here, rule: 'mass-rename', reason: 'bears the suffix of an encrypted file' });
    const facts = known.facts(content);
    if (facts === undefined) {
      if (bytes > 0 && !unread.has(path)) notExamined.push({ path, reason: 'its content was not read' });
      continue;
    }
    for (const reason of facts.notExamined) notExamined.push({ path, reason });
    for (const rule of facts.rules) ruled.push({ ...here, rule, reason: 'its content matches this rule' });
    for (const inside of facts.inside)
      ruled.push({
        path: `${path}!${inside.path}`,
        rule: inside.rule,
        reason: 'what it holds matches this rule',
        content,
      });
    if (facts.evenness.blocks === 0) continue;
    judged += 1;
    const then = earlier.get(path);
    const extent = encryptionOf(name, facts, then === undefined ? undefined : known.facts(then.content));
    if (extent !== undefined)
      encrypted.push({
        ...here,
        rule: 'content-encrypted',
        reason: extent === 'whole' ? 'looks encrypted' : 'looks encrypted in part',
      });
  }
  // What was explained counts among the many: one more beside it is a sign.
  const many = (found: readonly Found[], of: number) =>
    found.length >= ENCRYPTED_FILES || (found.length > 0 && found.length >= of * ENCRYPTED_SHARE);
  const told = (found: Found): Found => (known.isExplained(found) ? { ...found, explained: true } : found);
  const strong = [
    ...ruled,
    ...(many(encrypted, judged) ? encrypted : []),
    ...(many(renamed, night.files.length) ? renamed : []),
    ...canaryFindings(night, known),
    ...(before === undefined ? [] : losses(night, before, known)),
  ].map(told);
  // A note found alone may be a manual; beside another sign, or in several folders, it is what it looks like.
  const folders = new Set(notes.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  const isNote = folders.size >= NOTE_FOLDERS || strong.some(isSign);
  return { found: [...strong, ...(isNote ? notes.map(told) : [])], notExamined };
}

/** The same with what speaks against a night's date or origin: with that alone nothing is known of it. */
export function doubted(shown: Shown, doubts: readonly Finding[]): Shown {
  if (doubts.length === 0) return shown;
  const { verdict, findings } = shown;
  return { ...shown, verdict: verdict === 'clean' ? 'unknown' : verdict, findings: [...doubts, ...findings] };
}

const bytesOf = ({ files }: Pick<NightContent, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

export function changeOf(before: Pick<NightContent, 'files'>, after: Pick<NightContent, 'files'>): NightChange {
  const then = new Map(before.files.map(({ path, content }) => [path, content]));
  const change: NightChange = { added: 0, changed: 0, removed: 0, bytesNew: 0 };
  for (const { path, content, bytes } of after.files) {
    const was = then.get(path);
    then.delete(path);
    if (was === content) continue;
    change[was === undefined ? 'added' : 'changed'] += 1;
    change.bytesNew += bytes;
  }
  return { ...change, removed: then.size };
}

function withoutSign(
  { damaged, files }: NightContent,
  notExamined: readonly { path: string }[],
): 'clean' | 'damaged' | 'unknown' {
  if (damaged.length > 0) return 'damaged';
  // Where nothing at all was looked at, nothing can be said; what was left out of the rest is told beside the verdict.
  const unseen = new Set(notExamined.map(({ path }) => path)).size;
  return files.length === 0 || unseen >= files.length ? 'unknown' : 'clean';
}

function canaryFindings({ files, above = '' }: NightContent, { canaries }: Known): Found[] {
  if (canaries.length === 0) return [];
  const there = new Map(files.map((file) => [file.path, file.content]));
  return canaries.flatMap(({ path, sha256 }): Found[] => {
    const inside = path.startsWith('/') ? path : `/${path}`;
    const found = there.get(`${above}${inside}`) ?? there.get(inside);
    if (found === undefined) return [{ path, rule: 'canary-missing', reason: 'the canary is not there' }];
    return found === sha256.toLowerCase()
      ? []
      : [{ path, rule: 'canary-altered', reason: 'the canary is not as it was laid', content: found }];
  });
}

function losses(night: NightContent, before: NightContent, known: Known): Found[] {
  const found: Found[] = [];
  const lost = (kept: number, had: number) => kept < had * keptShareMin;
  const [files, filesBefore] = [night.files.length, before.files.length];
  if (filesBefore >= countedMin && lost(files, filesBefore))
    found.push({ path: '/', rule: 'lost-files', reason: `holds ${files} files; the night before held ${filesBefore}` });
  const [bytes, bytesBefore] = [bytesOf(night), bytesOf(before)];
  if (lost(bytes, bytesBefore))
    found.push({ path: '/', rule: 'lost-bytes', reason: `holds ${bytes} bytes; the night before held ${bytesBefore}` });
  const after = new Map(night.files.map((file) => [file.path, file.content]));
  for (const { path, content } of before.files) {
    const now = after.get(path);
    if (now === undefined || now === content) continue;
    const left = new Map(known.facts(now)?.rows.map(({ table, rows }) => [table, rows]));
    for (const { table, rows } of known.facts(content)?.rows ?? []) {
      const kept = left.size === 0 ? undefined : (left.get(table) ?? 0);
      if (kept !== undefined && rows >= countedMin && lost(kept, rows))
        found.push({
          path,
          rule: 'emptied-table',
          reason: `${table} holds ${kept} rows; the night before held ${rows}`,
          content: now,
        });
    }
  }
  return found;
}
