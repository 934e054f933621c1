import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atMost, type Condition, holds, judge, unanswered } from '../../detect/conditions.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { openTls, unable } from '../http/access.ts';
import { connect, readUntil } from '../tcp/connection.ts';
import { networkFailure } from '../tcp/failure.ts';
import { Host, Milliseconds, Port, Tls } from '../tcp/settings.ts';
import { type Acknowledgement, isAccepted, readAcknowledgement } from './ack.ts';
import { framed, unframed } from './frame.ts';
import { pingMessage } from './ping.ts';

/** An acknowledgement is a few hundred bytes; a receiver that sends more without one does not answer. */
const ANSWER_BYTES = 64 * 1024;
/** HD and string fields, without what would end them (HL7 v2.5, section 2.5.4). */
const Name = z
  .string()
  .max(180)
  .regex(/^[^|\r\n\v]*$/, 'expected no | and no line end');

const Limits = z.strictObject({
  /** `any`: an answer with our control id, refusals included; `accepted`: AA or CA. */
  acknowledgement: z.enum(['any', 'accepted']).optional(),
  millisecondsMax: Milliseconds.optional(),
});
type Limits = z.output<typeof Limits>;

/** An HL7 v2 receiver that answers over MLLP. */
export const mllpCheck = checkKind({
  kind: 'mllp',
  settings: {
    host: Host,
    port: Port,
    tls: Tls.optional(),
    sendingApplication: Name.default('REFLEXE'),
    sendingFacility: Name.default(''),
    receivingApplication: Name.default(''),
    receivingFacility: Name.default(''),
    expect: Limits.prefault({}),
    warn: Limits.prefault({}),
  },
  ask({ host, port, tls, expect, warn, ...names }, edge: CheckEdge) {
    return async (signal) => {
      const trust = tls === undefined ? undefined : await openTls(tls, edge);
      if (trust?.ok === false) return unable(trust);
      const controlId = randomUUID().replaceAll('-', '').slice(0, 20);
      const from = edge.clock.monotonic();
      let answer: string;
      try {
        const socket = await connect({ host, port, tls: trust?.value }, signal);
        try {
          const received = readUntil(socket, unframed, ANSWER_BYTES);
          socket.write(framed(pingMessage(names, controlId, edge.clock.now())));
          answer = await received;
        } finally {
          socket.destroy();
        }
      } catch (error) {
        return networkFailure(error);
      }
      const answerMilliseconds = Math.round(edge.clock.monotonic() - from);
      const acknowledgement = readAcknowledgement(answer);
      if (acknowledgement === undefined)
        return unanswered('fail', 'hl7-no-acknowledgement', `${answer.length} bytes without MSA`);
      if (acknowledgement.controlId !== controlId)
        return unanswered('fail', 'hl7-other-message', 'acknowledges another message than ours');
      const held = (limits: Limits) => conditions(limits, acknowledgement, answerMilliseconds);
      return judge(
        { acknowledgement: acknowledgement.code, answerMilliseconds },
        { expect: held(expect), warn: held(warn) },
      );
    };
  },
});

function conditions(limits: Limits, acknowledgement: Acknowledgement, milliseconds: number): Condition[] {
  const met = limits.acknowledgement !== 'accepted' || isAccepted(acknowledgement);
  return [
    holds('acknowledgement', 'AA or CA', acknowledgement.code, met, 'hl7-refused'),
    ...atMost('millisecondsMax', limits.millisecondsMax, milliseconds, 'slow'),
  ];
}
