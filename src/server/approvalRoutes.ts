import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { accessLimits } from '../access/limits.ts';
import { may, type Subject } from '../access/person.ts';
import { rightTo } from '../access/policy.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { World, WorldDirectory } from './ports.ts';
import type { Acknowledged } from './protocol.ts';
import { worldNamed } from './worldRoutes.ts';

const Approval = z.strictObject({ approval: z.string().min(1).max(200) });
const Spoken = Approval.extend({
  name: z.string().trim().min(1).max(accessLimits.nameCharactersMax),
  code: z.string().trim().min(1).max(40),
});

/** Agreeing to an act that two people answer for: open to whoever may do the act itself. */
export function approvalRoutes(worlds: WorldDirectory, access: Access): JsonRoute[] {
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/approvals/give',
      act: 'approval.give',
      body: Approval,
      handle({ body: { approval }, params, request: { signedIn } }) {
        const world = worldNamed(worlds, params);
        return world.ok && signedIn ? give(world.value, approval, signedIn, 'ownSession') : world;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/approvals/spoken',
      act: 'approval.give',
      body: Spoken,
      handle({ body: { approval, name, code }, params }) {
        const world = worldNamed(worlds, params);
        if (!world.ok) return world;
        const speaking = access.whoSpeaks(name, code);
        if (!speaking.ok) return speaking;
        // Their code is their second factor; the line they speak on, and who hears them, is the first.
        const subject = {
          person: speaking.value,
          session: { method: 'passwordAndCode', strength: 2, provedAt: 0 },
          enrolling: false,
        } as const;
        return give(world.value, approval, subject, 'spokenCode');
      },
    }),
  ];
}

async function give(
  world: World,
  approval: string,
  subject: Subject,
  how: 'ownSession' | 'spokenCode',
): Promise<Result<Acknowledged>> {
  const awaiting = world.awaiting(approval);
  // Nothing waits any more: the room says so.
  const allowed = awaiting ? may(subject, rightTo(awaiting.act)) : accept(undefined);
  if (!allowed.ok) return allowed;
  const by = `person:${subject.person.id}`;
  const command = { type: 'GiveApproval', approval, how, by };
  const given = await world.submit(command, { actor: by });
  if (!given.ok) return given;
  const { sequence, durable } = given.value;
  return accept({ sequence, durable });
}
