import type { Result } from '../journal/result.ts';
import type { CareGap } from '../map/care.ts';
import type { Words } from '../map/model.ts';
import type { HospitalWorld } from './world.ts';

/** What a drill says at its end, in the words of the command-line contract. */
export interface DrillReport {
  ok: boolean;
  startedAt: string;
  seed: string;
  careGap: CareGap;
  careFunctions: {
    id: string;
    name: Words;
    tier: number;
    targetSeconds: number;
    lostAt: string | null;
    restoredSeconds: number | null;
    verified: boolean;
  }[];
  detectedAfterSeconds: number | null;
  /** Per component: the snapshot used, what it goes back to, and those passed over, beside what the attacker did. */
  cleanPoint: {
    [component: string]: {
      snapshot: string;
      horizon: string;
      /** The first night backed up with something of the attacker's in this component's data; null where there is none. */
      attacked: { night: string; stage: 'implant' | 'encryption' } | null;
      /** Whether the snapshot used is the last one before that night. */
      isNightBeforeAttacked: boolean;
      passedOver: { snapshot: string; time: string; reason: string }[];
      /** What the nights passed over had brought, those taken encrypted aside: files that going back loses. */
      lost: { nights: number; added: number; changed: number };
      /** Day of the newest rule that was looked for (YYYY-MM-DD); null where none was. */
      rulesOf: string | null;
      /** Files, or parts of one, that nobody could look at. */
      notExamined: number;
    };
  };
  isolation: { attempts: number; escaped: number };
  /** What a clinician's software read through the opened gateway, after release. */
  clinicianRead: { what: string; count: number } | null;
  /** Seconds of each step of each component. */
  steps: { component: string; step: string; seconds: number | null; attempts: number }[];
  attack: { files: number; bytes: number };
  /** Why it is not ok, in the order it happened. */
  failures: string[];
}

export const drillStages = [
  'leftovers',
  'hospital',
  'watch',
  'nights',
  'implant',
  'attack',
  'detection',
  'containment',
  'restoration',
  'release',
  'report',
] as const;
export type DrillStage = (typeof drillStages)[number];

export interface DrillListener {
  stage(stage: DrillStage, detail: string): void;
  /** The drill's world is open: it can be watched. */
  world(world: HospitalWorld): void;
}

export interface RunningDrill {
  /** What was brought back stays open to look at after it. */
  report: Promise<Result<DrillReport>>;
  /** Ends it, early or after its report, and removes everything it made. */
  stop(): Promise<void>;
}

/** Supplied by the laboratory of a checkout; the package has none. */
export type StartDrill = (listener: DrillListener) => Promise<Result<RunningDrill>>;
