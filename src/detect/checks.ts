import { z } from 'zod';
import { Reference } from '../map/model.ts';
import type { Flap } from './damping.ts';
import type { Evidence } from './events.ts';
import type { Finding, Worst } from './observation.ts';

/** `30s`, `5m`, `2h`, `1d`, `500ms`: what people write; milliseconds is what code reads. */
export const Duration = z
  .string({ error: 'expected a duration with its unit, such as 30s, 5m, 2h' })
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'expected a duration with its unit, such as 30s, 5m, 2h')
  .transform((text) => Number.parseInt(text, 10) * (unitMilliseconds[text.replace(/\d+/, '')] ?? Number.NaN));
const unitMilliseconds: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A check more often than that would be a load on what it watches; rarer than a week, it would not be a watch. */
const EVERY_MIN = 1000;
const EVERY_MAX = 7 * 86_400_000;
/** A check that waits longer holds one of the scheduler's places for nothing. */
const TIMEOUT_MAX = 600_000;
/** More observations than that before believing one delays the alarm by minutes. */
const FLAP_MAX = 10;
/** A group of 38 hospitals with hundreds of components each, with room. */
export const CHECKS_MAX = 20_000;

const Streak = z.number().int().min(1).max(FLAP_MAX);

export interface CheckDefaults {
  every: string;
  timeout: string;
  flap: Flap;
}

/** What every check declares, whatever its kind. */
const base = (defaults: CheckDefaults) => ({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'expected lower-case letters, digits, dashes and dots'),
  component: Reference,
  kind: z.string(),
  every: Duration.pipe(
    z.number().min(EVERY_MIN, 'expected at least 1s').max(EVERY_MAX, 'expected at most 7d'),
  ).prefault(defaults.every),
  timeout: Duration.pipe(z.number().min(1, 'expected more than 0').max(TIMEOUT_MAX, 'expected at most 10m')).prefault(
    defaults.timeout,
  ),
  flap: z
    .strictObject({
      downAfter: Streak.default(defaults.flap.downAfter),
      upAfter: Streak.default(defaults.flap.upAfter),
    })
    .prefault({}),
});

/** What stands beside the checks in the same file and that they may name. */
export interface NamedThings {
  queries: { [name: string]: string };
}

/** A check as declared, its kind's settings inside: `ask` needs only the edge to become a question. */
export interface DeclaredCheck<Edge> {
  id: string;
  component: string;
  kind: string;
  everyMilliseconds: number;
  timeoutMilliseconds: number;
  flap: Flap;
  worst: Worst;
  evidence: Evidence['kind'];
  ask(edge: Edge): (signal: AbortSignal) => Promise<Finding>;
}

export interface Problem {
  /** `checks[2].every`: where in the document. */
  path: (string | number)[];
  code: string;
  message: string;
}

/** A kind of check as data: what it may say at worst, how it is written, what it does by default. */
export interface CheckKind<Edge> {
  readonly kind: string;
  /** Validates one entry of that kind, whole: every problem at once. */
  read(entry: unknown, named: NamedThings): { check: DeclaredCheck<Edge> } | { problems: Problem[] };
}

export interface CheckKindOptions<Shape extends z.ZodRawShape, Edge> {
  kind: string;
  worst?: Worst;
  evidence?: Evidence['kind'];
  defaults?: Partial<CheckDefaults>;
  /** Fields of this kind, beside those of every check. */
  settings: Shape;
  /** What one field alone cannot say. */
  agree?(settings: z.output<z.ZodObject<Shape>>, named: NamedThings): { field: string; message: string }[];
  ask(settings: z.output<z.ZodObject<Shape>>, edge: Edge, limits: AskLimits): (signal: AbortSignal) => Promise<Finding>;
}

export interface AskLimits {
  timeoutMilliseconds: number;
  named: NamedThings;
}

export function checkKind<Shape extends z.ZodRawShape, Edge>(options: CheckKindOptions<Shape, Edge>): CheckKind<Edge> {
  const defaults: CheckDefaults = {
    every: '30s',
    timeout: '5s',
    flap: { downAfter: 2, upAfter: 2 },
    ...options.defaults,
  };
  const common = z.object(base(defaults));
  const own = z.object(options.settings);
  const whole = z.strictObject({ ...base(defaults), ...options.settings });
  return {
    kind: options.kind,
    read(entry, named) {
      const parsed = whole.safeParse(entry);
      if (!parsed.success) return { problems: parsed.error.issues.flatMap(problemsOf) };
      const { id, component, every, timeout, flap } = common.parse(entry);
      const settings = own.parse(entry);
      const problems = (options.agree?.(settings, named) ?? []).map(({ field, message }) => ({
        path: [field],
        code: 'check-contradiction',
        message,
      }));
      if (timeout > every) {
        problems.push({
          path: ['timeout'],
          code: 'check-contradiction',
          message: 'expected a timeout no longer than the interval between two runs',
        });
      }
      if (problems.length > 0) return { problems };
      const check: DeclaredCheck<Edge> = {
        id,
        component,
        kind: options.kind,
        everyMilliseconds: every,
        timeoutMilliseconds: timeout,
        flap,
        worst: options.worst ?? 'down',
        evidence: options.evidence ?? 'check',
        ask: (edge) => options.ask(settings, edge, { timeoutMilliseconds: timeout, named }),
      };
      return { check };
    },
  };
}

const ChecksDocument = z.strictObject({
  checks: z.array(z.unknown()).max(CHECKS_MAX),
  /** Named read-only SQL: a check refers to a name, so that nothing but this file says what is executed. */
  queries: z.record(z.string(), z.string().min(1).max(10_000)).default({}),
});

/** All checks of one document, or everything that is wrong with it. */
export function readChecks<Edge>(
  document: unknown,
  kinds: readonly CheckKind<Edge>[],
): { checks: DeclaredCheck<Edge>[]; problems: Problem[] } {
  const parsed = ChecksDocument.safeParse(document);
  if (!parsed.success) return { checks: [], problems: parsed.error.issues.flatMap(problemsOf) };
  const checks: DeclaredCheck<Edge>[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  parsed.data.checks.forEach((entry, index) => {
    const read = readOne(entry, kinds, parsed.data);
    if ('problems' in read) {
      problems.push(...read.problems.map((problem) => ({ ...problem, path: ['checks', index, ...problem.path] })));
      return;
    }
    if (seen.has(read.check.id)) {
      problems.push({
        path: ['checks', index, 'id'],
        code: 'check-duplicate',
        message: `another check is already called "${read.check.id}"`,
      });
    }
    seen.add(read.check.id);
    checks.push(read.check);
  });
  return { checks, problems };
}

function readOne<Edge>(
  entry: unknown,
  kinds: readonly CheckKind<Edge>[],
  named: NamedThings,
): ReturnType<CheckKind<Edge>['read']> {
  const kind = z.object({ kind: z.string() }).safeParse(entry);
  const known = kinds.map((one) => one.kind).join(', ');
  if (!kind.success)
    return { problems: [{ path: ['kind'], code: 'check-kind-unknown', message: `expected a kind: ${known}` }] };
  const found = kinds.find((one) => one.kind === kind.data.kind);
  if (found === undefined) {
    return {
      problems: [
        {
          path: ['kind'],
          code: 'check-kind-unknown',
          message: `unknown kind "${kind.data.kind}", expected one of ${known}`,
        },
      ],
    };
  }
  return found.read(entry, named);
}

/** `checks[2].expect.status`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: 'field-unknown',
      message: `unknown field "${key}"`,
    }));
  }
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('received undefined');
  return [
    {
      path,
      code: missing ? 'field-missing' : 'field-invalid',
      message: missing ? 'this field is missing' : issue.message,
    },
  ];
}
