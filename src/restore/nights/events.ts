import { z } from 'zod';
import { defineEvent } from '../../journal/event.ts';
import { EXPLAINED_FINDINGS_MAX } from '../cleanPoint/explained.ts';

/** Signs told of one night: a night of which more is said needs no more said. */
export const NIGHT_SIGNS_MAX = 50;

const Point = z.object({ snapshot: z.string(), time: z.string() });

/** A night of a component's backups, judged. Never a name of a file, nor what stands in one. */
export const JudgedNight = z.object({
  snapshot: z.string(),
  /** ISO 8601, as the backup says. */
  time: z.string(),
  /** `clean` is the machine's word: people read «no known sign». */
  verdict: z.enum(['clean', 'dirty', 'damaged', 'unknown']),
  /** Rules that found something, and in how many files. `explained`: all of them; `explainedFindings`: some, and how many. */
  signs: z
    .array(
      z.object({
        rule: z.string(),
        findings: z.number(),
        explained: z.boolean(),
        explainedFindings: z.number().optional(),
      }),
    )
    .max(NIGHT_SIGNS_MAX),
  files: z.number(),
  bytes: z.number(),
  /** Files added, changed and removed, and bytes that came, against the night before of the same machine and folders; null for the first. */
  change: z.object({ added: z.number(), changed: z.number(), removed: z.number(), bytesNew: z.number() }).nullable(),
  /** Files, or parts of one, that nobody could look at. */
  notExamined: z.number(),
});
export type JudgedNight = z.infer<typeof JudgedNight>;

/** The nights of a component's source are to be looked through: because the hour has come, or because somebody asked. */
export const judgingAsked = defineEvent(
  'JudgingAsked',
  1,
  z.object({ components: z.array(z.string()), because: z.enum(['night', 'person', 'compromise', 'explained']) }),
);

export const nightsJudged = defineEvent(
  'NightsJudged',
  1,
  z.object({
    component: z.string(),
    source: z.string(),
    /** Judged for the first time, or otherwise than before. */
    nights: z.array(JudgedNight),
    /** Snapshots that are no longer there. */
    gone: z.array(z.string()),
    /** The last night with no known sign, and before «compromised since». */
    lastClean: Point.nullable(),
    beforeFirstSign: Point.nullable(),
    /** What going back to `lastClean` loses, against the newest night of its series; null where nothing, or nothing known. */
    lost: z
      .object({
        sinceTime: z.string(),
        untilTime: z.string(),
        added: z.number(),
        changed: z.number(),
        removed: z.number(),
      })
      .nullable(),
    /** Day of the newest rule (YYYY-MM-DD); null where no rules were applied. */
    rulesOf: z.string().nullable(),
    ruleFiles: z.number(),
    confinement: z.enum(['bubblewrap', 'limits']),
    scanned: z.number(),
    known: z.number(),
    seconds: z.number(),
  }),
);

/** Nobody knows more of this component's nights than before. */
export const judgingFailed = defineEvent(
  'JudgingFailed',
  1,
  z.object({ component: z.string(), code: z.string(), detail: z.string().max(300) }),
);

/** A person says since when the attacker was in: later nights are suspect whatever they show. `since` null takes it back. */
export const compromiseDated = defineEvent(
  'CompromiseDated',
  1,
  z.object({ component: z.string().nullable(), since: z.string().nullable() }),
);

/**
 * What an explanation covers: the findings of one night by their marks, or every finding of the rule. Never a path, nor a plain hash of
 * one: marks are made with a key that no journal holds.
 */
export const Covered = z.discriminatedUnion('reach', [
  z.object({ reach: z.literal('rule') }),
  z.object({
    reach: z.enum(['content', 'place']),
    snapshot: z.string(),
    marks: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .min(1)
      .max(EXPLAINED_FINDINGS_MAX),
  }),
]);
export type Covered = z.infer<typeof Covered>;

/** Two persons know what a sign is, and that it is none; `covers` null: nothing said of this rule counts any more. The reason is private. */
export const signExplained = defineEvent(
  'SignExplained',
  2,
  z.object({ component: z.string(), rule: z.string(), covers: Covered.nullable() }),
  [
    // In version 1 every finding of the rule was explained, wherever it came to stand later.
    (data) => {
      const { explained, ...same } = data as { explained: boolean; component: string; rule: string };
      return { ...same, covers: explained ? { reach: 'rule' } : null };
    },
  ],
);

/** Somebody took a file, or a folder, out of a backup. Which one is private. */
export const backupPartFetched = defineEvent(
  'BackupPartFetched',
  1,
  z.object({ component: z.string(), snapshot: z.string(), files: z.number(), bytes: z.number() }),
);

export const nightsEvents = [
  judgingAsked,
  nightsJudged,
  judgingFailed,
  compromiseDated,
  signExplained,
  backupPartFetched,
] as const;
