import { z } from 'zod';
import { accept } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import { localDay } from '../map/gap/zone.ts';
import { whatIf } from '../map/whatIf.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import { type MappedWorld, mapped } from './mapRoutes.ts';
import type { WorldDirectory } from './ports.ts';
import type { WeakPointsBody, WhatIfBody } from './protocol.ts';
import { type Look, WeakPointsDesk } from './weakPoints/WeakPointsDesk.ts';

/** A person chooses some tens; a whole site or supplier is one reference. */
const chosenMax = 2_000;
/** How far ahead one looks: a month. */
const aheadSecondsMax = 31 * 86_400;

const Question = z.strictObject({
  /** References of components; `supplier:ID`, `site:ID`: all of them. None: what is lost already, and why. */
  down: z.string().min(1).max(300).array().max(chosenMax),
  /** Counted from the loss; absent: once every grace has run out. */
  afterSeconds: z.number().int().nonnegative().max(aheadSecondsMax).optional(),
  /** Whether the rest is as it was last seen, or all of it up. */
  rest: z.enum(['asSeen', 'up']).default('asSeen'),
});

const WeakPointsAct = z.strictObject({ act: z.enum(['begin', 'stop']) });

/** Questions asked of the map: nothing is changed. */
export function mapQuestionsRoutes(worlds: WorldDirectory): JsonRoute[] {
  const desk = new WeakPointsDesk();
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/weak-points',
      act: 'map.see',
      handle({ params }) {
        const world = mapped(worlds, params);
        return world.ok ? accept(weakPointsBody(world.value, desk.look(world.value.map.document))) : world;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/weak-points',
      act: 'map.see',
      body: WeakPointsAct,
      handle({ params, body }) {
        const world = mapped(worlds, params);
        if (!world.ok) return world;
        const { document } = world.value.map;
        return accept(weakPointsBody(world.value, body.act === 'stop' ? desk.stop(document) : desk.begin(document)));
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/what-if',
      act: 'map.see',
      body: Question,
      handle({ params, body }) {
        const world = mapped(worlds, params);
        if (!world.ok) return world;
        const { document, seen, now, sequence, measured } = world.value.map;
        const map = compile(document);
        const { down, afterSeconds, rest } = body;
        const found = whatIf(map, down, {
          at: now,
          measured: measured.returns,
          today: localDay(map.establishment.timeZone, now),
          ...(afterSeconds === undefined ? {} : { afterSeconds }),
          ...(rest === 'asSeen' ? { states: seen } : {}),
        });
        if (!found.ok) return found;
        const { components, ...answer } = found.value;
        const felt = components.filter(
          ({ state, redundancyLost, lostAfterSeconds }) =>
            state !== 'up' || redundancyLost || lostAfterSeconds !== null,
        );
        return accept<WhatIfBody>({
          ...answer,
          sequence,
          at: new Date(now).toISOString(),
          components: felt.map(({ because: _, ...one }) => one),
        });
      },
    }),
  ];
}

function weakPointsBody({ map: { document, sequence } }: MappedWorld, look: Look): WeakPointsBody {
  const functions = document.careFunctions.length;
  if (look.state === 'computing') return { state: 'computing', sequence, functions, done: look.done };
  if (look.state !== 'found') return { ...look, sequence };
  const { trees, ...found } = look.found;
  return {
    state: 'found',
    sequence,
    orderMax: look.orderMax,
    ...found,
    trees: trees.map(({ seconds: _, ...tree }) => tree),
    rates: document.components.flatMap(({ id, reliability }) =>
      reliability === undefined ? [] : [{ id: compile(document).short(id), ...reliability }],
    ),
  };
}
