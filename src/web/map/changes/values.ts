import { useCallback } from 'react';
import type { Need, ProposedLink } from '../../../map/model.ts';
import { entry } from '../../../words/entry.ts';
import * as format from '../../../words/format.ts';
import { useNames } from '../../feed/names.ts';
import { useWorld } from '../../feed/World.tsx';
import { useWords } from '../../words/Words.tsx';

/** Fields whose texts name other things of the map. */
const naming = new Set([
  'site',
  'supplier',
  'team',
  'wards',
  'partOf',
  'accessPoints',
  'covers',
  'reliesOn',
  'members',
  'order',
]);
/** Texts that are one of a few words of the product, by field. */
const spoken = ['kind', 'runsOutFirst'] as const;

/** What a reference is called, new things of an import included. */
export function useThingNames(): (id: string) => string {
  const name = useNames();
  const { say } = useWords();
  const { feed } = useWorld();
  const map = feed.views.map;
  return useCallback(
    (id) => {
      const known = name(id);
      if (known !== id) return known;
      const site = map?.sites.find((one) => one.id === id)?.name;
      return site === undefined ? (map?.suppliers.find((one) => one.id === id)?.name ?? id) : say(site);
    },
    [name, say, map],
  );
}

/** A value of one field of the map as people read it. `nameOf`: what ids are called. */
export function useValue(nameOf: (id: string) => string): (field: string, value: unknown) => string {
  const { t, say, language } = useWords();
  return useCallback(
    (field, value) => {
      const term = (name: string) => entry(t.mapChanges.fields, name) ?? name;
      const need = (one: Need, inside = false): string => {
        if ('need' in one) {
          const grace = one.graceSeconds === undefined ? '' : ` (${format.secondsLong(one.graceSeconds, language)})`;
          return `${nameOf(one.need)}${grace}`;
        }
        const parts = ('all' in one ? one.all : 'any' in one ? one.any : one.of).map((part) => need(part, true));
        const said =
          'of' in one
            ? `${t.mapChanges.atLeast(one.atLeast, one.of.length)} ${parts.join(', ')}`
            : parts.join(` ${'all' in one ? t.mapChanges.and : t.mapChanges.or} `);
        return inside && parts.length > 1 ? `(${said})` : said;
      };
      const said = (name: string, one: unknown): string => {
        if (one === undefined || one === null || one === '') return t.mapChanges.nothing;
        if (typeof one === 'boolean') return one ? t.mapChanges.yes : t.mapChanges.no;
        if (typeof one === 'number')
          return name.endsWith('Seconds') ? format.secondsLong(one, language) : format.number(one, language);
        if (typeof one === 'string') {
          if (one === 'always') return t.mapChanges.always;
          if (naming.has(name)) return nameOf(one);
          if (name === spoken[0]) return entry(t.map.kinds, one) ?? one;
          return name === 'toConfirm' ? term(one) : one;
        }
        if (Array.isArray(one)) {
          if (one.length === 0) return t.mapChanges.nothing;
          if (name === 'proposed') return one.map(({ need: id }: ProposedLink) => nameOf(id)).join(', ');
          return one.map((part) => said(name, part)).join(', ');
        }
        if (typeof one !== 'object') return String(one);
        if ('fr' in one && typeof one.fr === 'string') return say(one as { fr: string; en?: string });
        if (name === 'needs') return need(one as Need);
        if (name === 'origin' && 'from' in one && 'id' in one) return `${one.from} (${one.id})`;
        return Object.entries(one)
          .map(([inner, part]) => `${term(inner)}${t.parts.colon} ${said(inner, part)}`)
          .join(' · ');
      };
      return said(field, value);
    },
    [t, say, language, nameOf],
  );
}
