import { useCallback } from 'react';
import type { Words } from '../../map/model.ts';
import { en } from '../../words/en.ts';
import { fr } from '../../words/fr.ts';
import { useWords } from '../words/Words.tsx';
import type { FeedState } from './feed.ts';
import { useWorld } from './World.tsx';

const namesOf = new WeakMap<FeedState['views'], Map<string, Words>>();

/** What every reference is called, as far as the views that arrived can tell. */
function names(views: FeedState['views']): Map<string, Words> {
  const known = namesOf.get(views);
  if (known !== undefined) return known;
  const found = new Map<string, Words>();
  for (const one of views.incidents?.gone ?? []) found.set(one.id, one.name);
  for (const node of views.map?.nodes ?? []) found.set(node.id, node.name);
  for (const recovery of views.restoration?.recoveries ?? []) {
    for (const component of recovery.components) found.set(component.component, component.name);
  }
  for (const band of views.board?.bands ?? []) {
    found.set(band.careFunction, band.name);
    for (const ward of band.wards) found.set(ward.ward, ward.name);
  }
  for (const incident of views.incidents?.incidents ?? []) {
    found.set(incident.incident, {
      fr: fr.activate.numbered(incident.number),
      en: en.activate.numbered(incident.number),
    });
    for (const plan of incident.plans) {
      found.set(plan.plan, plan.name);
      for (const step of plan.steps) found.set(`${plan.plan}/${step.id}`, step.title);
    }
  }
  namesOf.set(views, found);
  return found;
}

/** The name people use; a reference nobody names any more is shown as it is, without its owner. */
export function useNames(): (reference: string) => string {
  const { say } = useWords();
  const { feed } = useWorld();
  const { views } = feed;
  return useCallback(
    (reference) => {
      const words = names(views).get(reference);
      return words === undefined ? reference.slice(reference.indexOf(':') + 1) : say(words);
    },
    [views, say],
  );
}
