import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atLeast, atMost, type Condition, holds, judge } from '../../detect/conditions.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { networkFailure } from '../tcp/failure.ts';
import { Milliseconds } from '../tcp/settings.ts';
import { HttpUrl, httpFields, openAccess, unable } from './access.ts';
import { askHttp, type HttpAnswer } from './client.ts';

/** `200`, or a range such as `200-399`. */
const Status = z.union([
  z.number().int().min(100).max(599),
  z.string().regex(/^\d{3}-\d{3}$/, 'expected a status or a range such as 200-399'),
]);
const Texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((one) => [one].flat());

const Limits = z.strictObject({
  status: z
    .union([Status, z.array(Status).min(1)])
    .transform((one) => [one].flat())
    .optional(),
  bodyContains: Texts.optional(),
  certificateDaysMin: z.number().int().nonnegative().optional(),
  millisecondsMax: Milliseconds.optional(),
});
type Limits = z.output<typeof Limits>;

/** A page that answers as it should, over HTTP or HTTPS. */
export const httpCheck = checkKind({
  kind: 'http',
  settings: {
    url: HttpUrl,
    method: z.enum(['GET', 'HEAD']).default('GET'),
    ...httpFields,
    expect: Limits.prefault({}).transform((limits): Limits => ({ ...limits, status: limits.status ?? ['200-399'] })),
    warn: Limits.prefault({}).transform(
      (limits): Limits => ({ ...limits, certificateDaysMin: limits.certificateDaysMin ?? 14 }),
    ),
  },
  agree: ({ method, expect, warn }) =>
    method === 'HEAD' && (expect.bodyContains ?? warn.bodyContains) !== undefined
      ? [{ field: 'method', message: 'HEAD has no body: use GET with bodyContains' }]
      : [],
  ask({ url, method, expect, warn, ...settings }, edge: CheckEdge) {
    return async (signal) => {
      const access = await openAccess(settings, edge);
      if (!access.ok) return unable(access);
      const from = edge.clock.monotonic();
      let answer: HttpAnswer;
      try {
        answer = await askHttp({ url: new URL(url), method, ...access.value }, edge.clock.now(), signal);
      } catch (error) {
        return networkFailure(error);
      }
      const milliseconds = Math.round(edge.clock.monotonic() - from);
      const { status, bytes, certificateDays } = answer;
      const held = (limits: Limits) => conditions(limits, answer, milliseconds);
      return judge(
        { status, bytes, certificateDays, answerMilliseconds: milliseconds },
        { expect: held(expect), warn: held(warn) },
      );
    };
  },
});

function conditions(limits: Limits, answer: HttpAnswer, milliseconds: number): Condition[] {
  const { status, certificateDays, bytes } = answer;
  const { status: expected = [], bodyContains = [], certificateDaysMin } = limits;
  const isExpected = expected.length === 0 || expected.some((one) => isStatus(one, status));
  return [
    holds('status', expected.join(', '), String(status), isExpected, 'http-status'),
    ...bodyContains.map((text) => {
      const found = answer.body.includes(text);
      // What the page says instead is not repeated: it may be about a patient.
      return holds('bodyContains', text, found ? 'found' : `not found in ${bytes} bytes`, found, 'http-body');
    }),
    ...(certificateDays === null
      ? []
      : atLeast('certificateDaysMin', certificateDaysMin, certificateDays, 'certificate-ends-soon')),
    ...atMost('millisecondsMax', limits.millisecondsMax, milliseconds, 'slow'),
  ];
}

function isStatus(expected: number | string, status: number): boolean {
  if (typeof expected === 'number') return expected === status;
  const [from = 0, to = 0] = expected.split('-').map(Number);
  return status >= from && status <= to;
}
