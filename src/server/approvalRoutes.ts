import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { may } from '../access/person.ts';
import { rightTo } from '../access/policy.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { World, WorldDirectory } from './ports.ts';
import type { Acknowledged } from './protocol.ts';
import { notFound } from './refusals.ts';

const Approval = z.strictObject({ approval: z.string().min(1).max(200) });

/** Agreeing to an act that two people answer for: open to whoever may do the act itself. */
export function approvalRoutes(worlds: WorldDirectory): JsonRoute[] {
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/approvals/give',
      act: 'approval.give',
      body: Approval,
      handle({ body: { approval }, params, request }) {
        const world = worlds.get(params.world ?? '');
        return world ? give(world, approval, request) : { ok: false, refusal: notFound };
      },
    }),
  ];
}

async function give(world: World, approval: string, { signedIn }: FastifyRequest): Promise<Result<Acknowledged>> {
  const awaiting = world.awaiting(approval);
  // Nothing waits any more: the room says so.
  if (awaiting) {
    const allowed = may(signedIn, rightTo(awaiting.act));
    if (!allowed.ok) return allowed;
  }
  const by = `person:${signedIn?.person.id ?? 'nobody'}`;
  const given = await world.submit({ type: 'GiveApproval', approval, how: 'ownSession', by } as { type: string }, {
    actor: by,
  });
  if (!given.ok) return given;
  const { sequence, durable } = given.value;
  return accept({ sequence, durable });
}
