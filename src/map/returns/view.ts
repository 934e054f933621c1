import type { CompiledMap } from '../compile.ts';
import type { Words } from '../model.ts';
import { type Contradiction, contradictions } from './contradictions.ts';
import { dataLosses, type Loss, type MeasuredPeriods } from './dataLoss.ts';
import { type MeasuredReturns, type Return, returnTimes } from './returns.ts';

/** Components without a time named for one care function: enough to begin with, the count says the rest. */
const namedMax = 20;
/** Steps of one chain shown; the longest a person wrote has far fewer. */
const stepsMax = 100;

/** What was measured on this establishment's components: what journal and backups tell. */
export interface Measured {
  returns: MeasuredReturns;
  periods: MeasuredPeriods;
}
export const nothingMeasured: Measured = { returns: {}, periods: {} };

/** `unknown` names the first ones; `unknownCount` counts them all. */
export type Counted<Known extends { unknown: string[] }> = Known & { unknownCount: number };

export interface ReturnsRow {
  careFunction: string;
  name: Words;
  tier: 1 | 2 | 3;
  rtoSeconds: number;
  mtpdSeconds: number;
  rpoSeconds: number | null;
  declared: Counted<Return>;
  /** Null: nothing it rests on was ever measured. */
  measured: Counted<Return> | null;
  /** Null: nothing under it is known to hold data. */
  loss: { declared: Counted<Loss>; measured: Counted<Loss> | null } | null;
}

/** When each care function could be back and what it would lose, beside what is promised. */
export interface ReturnsView {
  /** The day contracts were read on (YYYY-MM-DD). */
  today: string;
  /** Worst first. */
  contradictions: Contradiction[];
  /** In clinical order. */
  careFunctions: ReturnsRow[];
  /** Components, suppliers and contracts named above. */
  names: { [id: string]: Words };
}

export function returnsView(map: CompiledMap, measured: Measured, today: string): ReturnsView {
  const returns = returnTimes(map, measured.returns, { today });
  const losses = dataLosses(map, measured.periods);
  const careFunctions = [...map.careFunctions.values()].flatMap((care): ReturnsRow[] => {
    const time = returns.get(care.id);
    const loss = losses.get(care.id) ?? null;
    if (time === undefined) return [];
    return [
      {
        careFunction: care.id,
        name: care.name,
        tier: care.tier,
        rtoSeconds: care.rtoSeconds,
        mtpdSeconds: care.mtpdSeconds,
        rpoSeconds: care.rpoSeconds ?? null,
        declared: shownReturn(time.declared),
        measured: time.measured === null ? null : shownReturn(time.measured),
        loss:
          loss === null
            ? null
            : { declared: counted(loss.declared), measured: loss.measured === null ? null : counted(loss.measured) },
      },
    ];
  });
  const found = contradictions(map.careFunctions.values(), returns, losses);
  return { today, contradictions: found, careFunctions, names: namesOf(map, careFunctions) };
}

const counted = <Known extends { unknown: string[] }>(known: Known): Counted<Known> => ({
  ...known,
  unknown: known.unknown.slice(0, namedMax),
  unknownCount: known.unknown.length,
});
const shownReturn = (known: Return): Counted<Return> => counted({ ...known, chain: known.chain.slice(0, stepsMax) });

function namesOf(map: CompiledMap, rows: readonly ReturnsRow[]): { [id: string]: Words } {
  const names: { [id: string]: Words } = {};
  const contracts = new Map(map.document.contracts.map((contract) => [contract.id, contract.name]));
  const tell = (id: string | null) => {
    const name = id === null ? undefined : map.components.get(id)?.name;
    if (id !== null && name !== undefined) names[id] = name;
  };
  for (const { declared, measured, loss } of rows) {
    for (const one of [declared, measured, loss?.declared, loss?.measured]) {
      for (const id of one?.unknown ?? []) tell(id);
    }
    for (const { component, time, with: through } of [...declared.chain, ...(measured?.chain ?? [])]) {
      tell(component);
      tell(through);
      if (time?.basis.kind === 'contract') {
        const name = contracts.get(time.basis.contract);
        if (name !== undefined) names[`contract ${time.basis.contract}`] = name;
      }
      if (time?.basis.kind === 'contract' || time?.basis.kind === 'supplier') {
        const { supplier } = time.basis;
        names[`supplier ${supplier}`] = { fr: map.suppliers.get(supplier)?.name ?? supplier };
      }
    }
    tell(loss?.declared.component ?? null);
    tell(loss?.measured?.component ?? null);
  }
  return names;
}
