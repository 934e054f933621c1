import type { Words } from '../map/model.ts';
import type { FactCheck, StepKind } from './events.ts';

export interface RecoveryStepView {
  step: StepKind;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'needsPerson';
  attempt: number;
  startedAt: string | null;
  seconds: number | null;
  failure: { code: string; detail: string; retryable: boolean } | null;
  /** Live progress of a running step; null where it has none to tell. */
  progress: { done: number; total: number; unit: 'bytes' | 'files' | 'steps' } | null;
}

export interface RecoveryComponentView {
  component: string;
  name: Words;
  rank: number;
  /** Why it stands at this rank. */
  careFunctions: string[];
  after: string[];
  expectedSeconds: number | null;
  steps: RecoveryStepView[];
  snapshot: { id: string; horizon: string; passedOver: { snapshot: string; time: string; reason: string }[]; notExamined: number } | null;
  checks: FactCheck[];
}

export interface RecoveryView {
  recovery: string;
  incident: string;
  plannedAt: string;
  lossSince: string;
  closed: 'released' | 'abandoned' | null;
  room: { openedAt: string } | null;
  isolation: { provedAt: string; attempts: number; escaped: number } | null;
  components: RecoveryComponentView[];
  leftOut: { component: string; because: string }[];
  careFunctions: { careFunction: string; name: Words; tier: number; ready: boolean; releasedAt: string | null; restoredSeconds: number | null; targetSeconds: number; horizon: string | null }[];
}

export interface RestorationView {
  recoveries: RecoveryView[];
}
