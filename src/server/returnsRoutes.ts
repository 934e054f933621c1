import { accept, type Result, refuse } from '../journal/result.ts';
import type { CompiledMap } from '../map/compile.ts';
import { localDay } from '../map/gap/zone.ts';
import { type Measured, type ReturnsView, returnsView } from '../map/returns/view.ts';
import { liabilityOf, suppliersView } from '../map/suppliers/register.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { MapNow, WorldDirectory } from './ports.ts';
import { notFound } from './refusals.ts';
import { worldNamed } from './worldRoutes.ts';

/** When care could be back, beside what is promised; and who answers for what it rests on. */
export function returnsRoutes(worlds: WorldDirectory): JsonRoute[] {
  const asked = (params: {
    readonly [name: string]: string;
  }): Result<MapNow & { compiled: CompiledMap; today: string }> => {
    const world = worldNamed(worlds, params);
    if (!world.ok) return world;
    const now = world.value.map();
    const { compiled } = now;
    if (compiled === null) return noMap();
    return accept({ ...now, compiled, today: localDay(compiled.establishment.timeZone, now.now) });
  };
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/returns',
      act: 'map.see',
      handle({ params }): Result<ReturnsView> {
        const on = asked(params);
        return on.ok ? accept(returnsOf(on.value)) : on;
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/suppliers',
      act: 'map.see',
      handle({ params }) {
        const on = asked(params);
        return on.ok ? accept(suppliersView(on.value.compiled, on.value)) : on;
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/liable/:component',
      act: 'map.see',
      handle({ params }) {
        const on = asked(params);
        if (!on.ok) return on;
        const { compiled } = on.value;
        const component = compiled.components.get(compiled.short(params.component ?? ''));
        return component === undefined
          ? { ok: false, refusal: notFound }
          : accept(liabilityOf(compiled, component, on.value));
      },
    }),
  ];
}

const noMap = () =>
  refuse('no-map', 'There is no map yet.', {
    kept: 'Nothing was computed.',
    cure: 'Import one, or start your hospital: what care rests on is read from it.',
  });

const computed = new WeakMap<CompiledMap, { measured: Measured; view: ReturnsView }>();

/** Once for a map, what was measured on it, and a day. */
function returnsOf({
  compiled,
  measured,
  today,
}: {
  compiled: CompiledMap;
  measured: Measured;
  today: string;
}): ReturnsView {
  const known = computed.get(compiled);
  if (known?.measured === measured && known.view.today === today) return known.view;
  const view = returnsView(compiled, measured, today);
  computed.set(compiled, { measured, view });
  return view;
}
