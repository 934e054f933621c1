import { z } from 'zod';

/** What borg says in JSON, read as it is: whoever can write to the repository has a say in it. */
const Listed = z.object({
  archives: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{64}$/),
      name: z.string().min(1),
      /** Without its zone: that of the run. */
      start: z.string().refine((text) => !Number.isNaN(Date.parse(`${text}Z`)), 'an instant'),
      hostname: z.string().default(''),
    }),
  ),
});
export type SaidArchive = z.infer<typeof Listed>['archives'][number];

/** `borg list --json`; undefined where it is no such list. */
export const archivesIn = (output: string): SaidArchive[] | undefined => Listed.safeParse(parse(output)).data?.archives;

const Complaint = z.object({
  type: z.literal('log_message'),
  levelname: z.string(),
  message: z.string(),
  msgid: z.string().optional(),
});
export type Complaint = z.infer<typeof Complaint>;

/** `--log-json`: warnings and errors; what is no JSON was said by what stands before borg (bubblewrap, ssh, Python). */
export function complaintsIn(errors: string): Complaint[] {
  return errors
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line): Complaint[] => {
      const said = parse(line);
      if (said === undefined) return [{ type: 'log_message', levelname: 'ERROR', message: line }];
      const read = Complaint.safeParse(said);
      return read.success && ['WARNING', 'ERROR', 'CRITICAL'].includes(read.data.levelname) ? [read.data] : [];
    });
}

export interface SaidItem {
  path: string;
  /** As in the first letter of `ls -l`; `h` for another name of a file told before. */
  type: string;
  bytes: number;
  modifiedAt: string | null;
  /** False where a repair has put zeros in the place of what was lost. */
  healthy: boolean;
}

/** Asked of `borg list`: a path may hold anything but a zero byte. */
export const ITEM_FORMAT = '{type}{NUL}{size}{NUL}{isomtime}{NUL}{health}{NUL}{path}{NUL}';
const FIELDS = 5;

/** Reads `borg list --format` as it comes: an archive has millions of items. */
export function itemReader(onItem: (item: SaidItem) => void): (chunk: Buffer) => void {
  let left = Buffer.alloc(0);
  let fields: string[] = [];
  return (chunk) => {
    const text = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    let from = 0;
    for (let end = text.indexOf(0); end !== -1; end = text.indexOf(0, from)) {
      fields.push(text.toString('utf8', from, end));
      from = end + 1;
      if (fields.length < FIELDS) continue;
      const [type = '', size = '', time = '', health = '', path = ''] = fields;
      const bytes = Number(size);
      const modified = new Date(`${time}Z`);
      onItem({
        path: path.replace(/^(\.\/)+/, ''),
        type,
        bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0,
        modifiedAt: Number.isNaN(modified.getTime()) ? null : modified.toISOString(),
        healthy: health === 'healthy',
      });
      fields = [];
    }
    left = Buffer.from(text.subarray(from));
  };
}

/**
 * A pattern of borg's for a path as it was told and all below it. Every letter is written by its number: none means anything
 * to a pattern. borg tells a byte that is no UTF-8 as `?`, and keeps it as a letter of U+DC80 to U+DCFF (PEP 383).
 */
export function patternOf(path: string): string {
  const letters = [...path].map((letter) => {
    if (letter === '?') return '[?\\udc80-\\udcff]';
    return /[\w/]/.test(letter) ? letter : `\\U${(letter.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
  });
  return `re:^(?:\\./)*${letters.join('')}(?:/|\\Z)`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
