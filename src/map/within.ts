import type { HospitalMap } from './model.ts';

/**
 * The map as far as some wards, and the wards of some sites, reach: the care given there, and all that carries it.
 * Of a compiled map's own document, whose references are short; made once per document and reach.
 */
export function within(document: HospitalMap, reach: Wards): HospitalMap {
  const known = made.get(document) ?? new Map<string, HospitalMap>();
  const key = JSON.stringify([reach.wards, reach.sites]);
  const narrowed = known.get(key) ?? narrow(document, reach);
  made.set(document, known.set(key, narrowed));
  return narrowed;
}

interface Wards {
  wards: readonly string[];
  sites: readonly string[];
}

const made = new WeakMap<HospitalMap, Map<string, HospitalMap>>();

function narrow(document: HospitalMap, reach: { wards: readonly string[]; sites: readonly string[] }): HospitalMap {
  const wards = document.wards.filter(({ id, site }) => reach.wards.includes(id) || reach.sites.includes(site));
  const seen = new Set(wards.map(({ id }) => id));
  const careFunctions = document.careFunctions
    .map((careFunction) => ({ ...careFunction, wards: careFunction.wards.filter((ward) => seen.has(ward)) }))
    .filter((careFunction) => careFunction.wards.length > 0);
  const kept = new Set(careFunctions.map(({ id }) => id));
  return {
    ...document,
    wards,
    careFunctions: careFunctions.map(({ partOf, ...careFunction }) =>
      partOf !== undefined && kept.has(partOf) ? { ...careFunction, partOf } : careFunction,
    ),
  };
}
