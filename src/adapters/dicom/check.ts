import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atMost, type Condition, judge, unanswered } from '../../detect/conditions.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { openTls, unable } from '../http/access.ts';
import { networkFailure } from '../tcp/failure.ts';
import { Host, Milliseconds, Port, Tls } from '../tcp/settings.ts';
import { type EchoAnswer, echo } from './echo.ts';

/** DICOM PS3.5, table 6.2-1, AE: 16 characters at most, no backslash, no control characters. */
const AeTitle = z
  .string()
  .trim()
  .min(1)
  .max(16)
  .regex(/^[\x20-\x5b\x5d-\x7e]+$/, 'expected printable characters without backslash');
const Limits = z.strictObject({ millisecondsMax: Milliseconds.optional() });

/** An image archive that answers C-ECHO, as modalities ask it. */
export const dicomCheck = checkKind({
  kind: 'dicom',
  settings: {
    host: Host,
    port: Port.default(104),
    calledAeTitle: AeTitle,
    callingAeTitle: AeTitle.default('REFLEXE'),
    tls: Tls.optional(),
    expect: Limits.prefault({}),
    warn: Limits.prefault({}),
  },
  ask({ tls, expect, warn, ...peer }, edge: CheckEdge) {
    return async (signal) => {
      const trust = tls === undefined ? undefined : await openTls(tls, edge);
      if (trust?.ok === false) return unable(trust);
      const from = edge.clock.monotonic();
      let answer: EchoAnswer;
      try {
        answer = await echo({ ...peer, tls: trust?.value }, signal);
      } catch (error) {
        return networkFailure(error);
      }
      const answerMilliseconds = Math.round(edge.clock.monotonic() - from);
      if ('rejected' in answer) return unanswered('fail', 'dicom-rejected', answer.rejected);
      const { status } = answer;
      if (status === null) return unanswered('fail', 'dicom-status', 'an answer without a status');
      const success: Condition = {
        condition: 'status',
        expected: '0',
        observed: String(status),
        met: status === 0,
        code: 'dicom-status',
      };
      const held = (limits: z.output<typeof Limits>) =>
        atMost('millisecondsMax', limits.millisecondsMax, answerMilliseconds, 'slow');
      return judge({ status, answerMilliseconds }, { expect: [success, ...held(expect)], warn: held(warn) });
    };
  },
});
