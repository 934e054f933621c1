import { useRef } from 'react';
import { Link } from 'wouter';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import type { EditedSection } from './fields/draft.ts';
import { useEditing } from './useEditing.ts';

/** Opens the form of something; nothing for whoever may not change the map. */
export function EditButton({ section, id, name }: { section: EditedSection; id: string; name: string }) {
  const { t } = useWords();
  const { mayEdit, edit } = useEditing();
  if (!mayEdit) return null;
  return (
    <Button size="small" aria-label={t.mapEdit.editOf(name)} onClick={() => edit({ section, id })}>
      {t.mapEdit.edit}
    </Button>
  );
}

const addable = [
  'careFunctions',
  'components',
  'wards',
  'sites',
  'suppliers',
  'contracts',
  'teams',
  'startTogether',
] as const;

/** Says by hand what something needs: the same form, with nothing to look for first. */
export function NeedsButton({ section, id }: { section: EditedSection; id: string }) {
  const { t } = useWords();
  const { mayEdit, edit } = useEditing();
  if (!mayEdit) return null;
  return (
    <Button size="small" onClick={() => edit({ section, id, at: 'needs' })}>
      {t.mapEdit.needsWhat}
    </Button>
  );
}

/** Says what something needs by choosing it in the picture or in the list. */
export function LinkButton({ onLink }: { onLink(): void }) {
  const { t } = useWords();
  const { mayEdit } = useEditing();
  if (!mayEdit) return null;
  return (
    <Button size="small" onClick={onLink}>
      {t.mapEdit.linkTo}
    </Button>
  );
}

/** Everything that can be put on the map, and the vital order. */
export function AddMenu() {
  const { t } = useWords();
  const { mayEdit, edit } = useEditing();
  const menu = useRef<HTMLDetailsElement>(null);
  if (!mayEdit) return null;
  const choose = (target: Parameters<typeof edit>[0]) => {
    menu.current?.removeAttribute('open');
    edit(target);
  };
  return (
    <details
      ref={menu}
      className="add-menu no-print"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        menu.current.removeAttribute('open');
        menu.current.querySelector('summary')?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) menu.current?.removeAttribute('open');
      }}
    >
      <summary className="button button-plain button-usual">{t.mapEdit.add}</summary>
      <ul aria-label={t.mapEdit.addWhat}>
        {addable.map((section) => (
          <li key={section}>
            <button type="button" onClick={() => choose({ section })}>
              {t.mapEdit.sections[section]}
            </button>
          </li>
        ))}
        <li>
          <button type="button" onClick={() => choose('find')}>
            {t.mapEdit.editWhat}
          </button>
        </li>
        <li>
          <Link href="/start">{t.start.goOn}</Link>
        </li>
        <li>
          <button type="button" onClick={() => choose('order')}>
            {t.mapEdit.order}
          </button>
        </li>
      </ul>
    </details>
  );
}

/** The crisis booklet of this map, to print at any time. */
export function BookletLink({ look = 'plain' }: { look?: 'plain' | 'main' }) {
  const { t, language } = useWords();
  const { world } = useWorld();
  return (
    <a
      className={`button button-${look} button-${look === 'main' ? 'large' : 'usual'} no-print`}
      href={`/api/worlds/${encodeURIComponent(world)}/map/booklet.pdf?language=${language}`}
      target="_blank"
      rel="noreferrer"
    >
      <Icon name="print" />
      <span>{look === 'main' ? t.start.bookletOpen : t.start.bookletFor}</span>
    </a>
  );
}
