import { useId } from 'react';
import type { Confirmation, Need, ProposedLink } from '../../../../map/model.ts';
import * as format from '../../../../words/format.ts';
import { Button } from '../../../parts/Button.tsx';
import { Icon } from '../../../parts/Icon.tsx';
import { useWords } from '../../../words/Words.tsx';
import { read, textAt, useWriting } from './draft.ts';
import { Finder } from './Finder.tsx';
import { nameOf } from './names.ts';
import { Length, Row } from './Plain.tsx';
import { useChoosable } from './useChoosable.ts';

type Leaf = Extract<Need, { need: string }>;
type Group = Exclude<Need, Leaf>;
type Word = 'all' | 'any' | 'atLeast';

const partsOf = (group: Group): Need[] => ('all' in group ? group.all : 'any' in group ? group.any : group.of);
const wordOf = (group: Group): Word => ('all' in group ? 'all' : 'any' in group ? 'any' : 'atLeast');
const groupOf = (word: Word, of: Need[], atLeast = 2): Group =>
  word === 'all' ? { all: of } : word === 'any' ? { any: of } : { atLeast, of };
const withParts = (group: Group, of: Need[]): Group =>
  groupOf(wordOf(group), of, 'of' in group ? Math.min(group.atLeast, Math.max(1, of.length)) : undefined);
/** With one more link that all the rest needs beside it. */
export const withLink = (needs: Need | undefined, link: Need): Need =>
  needs === undefined ? link : 'all' in needs ? { all: [...needs.all, link] } : { all: [needs, link] };
const namesIn = (need: Need | undefined): string[] =>
  need === undefined ? [] : 'need' in need ? [need.need] : partsOf(need).flatMap(namesIn);

/** What it depends on, as a tree; who confirmed each link and when; what is only proposed, to be settled. */
export function Needs() {
  const { t } = useWords();
  const { draft, set, me } = useWriting();
  // Its shape is checked as one types.
  const needs = read(draft, 'needs') as Need | undefined;
  const proposed = (read(draft, 'proposed') as ProposedLink[] | undefined) ?? [];
  const confirmed = read(draft, 'confirmed') as Confirmation | undefined;
  const change = (next: Need | undefined) => set('needs', next);
  const settle = (link: ProposedLink, isReal: boolean) => {
    const left = proposed.filter((one) => one !== link);
    set('proposed', left.length === 0 ? undefined : left);
    const { because: _because, ...written } = link;
    if (isReal) change(withLink(needs, { ...written, confirmed: me }));
  };
  return (
    <Row at="needs" name="needs" isOwn>
      {() => (
        <div className="edit-needs">
          {needs === undefined && <p className="soft">{t.mapEdit.needs.nothing}</p>}
          {needs !== undefined && <OneNeed need={needs} onChange={change} byAll={confirmed} />}
          <AddLink taken={namesIn(needs)} onAdd={(need) => change(withLink(needs, need))} canGroup />
          {proposed.length > 0 && (
            <ul className="edit-proposals">
              {proposed.map((link) => (
                <Proposal key={link.need} link={link} onSettle={(isReal) => settle(link, isReal)} />
              ))}
            </ul>
          )}
        </div>
      )}
    </Row>
  );
}

function OneNeed({
  need,
  onChange,
  byAll,
}: {
  need: Need;
  onChange(need: Need | undefined): void;
  byAll: Confirmation | undefined;
}) {
  return 'need' in need ? (
    <Link link={need} onChange={onChange} byAll={byAll} />
  ) : (
    <Choice group={need} onChange={onChange} byAll={byAll} />
  );
}

function Choice({
  group,
  onChange,
  byAll,
}: {
  group: Group;
  onChange(need: Need | undefined): void;
  byAll: Confirmation | undefined;
}) {
  const { t } = useWords();
  const id = useId();
  const parts = partsOf(group);
  const replace = (index: number, next: Need | undefined) => {
    const left = parts.flatMap((part, at) => (at !== index ? [part] : next === undefined ? [] : [next]));
    onChange(left.length === 0 ? undefined : withParts(group, left));
  };
  return (
    <div className="edit-group">
      <div className="edit-group-head">
        <select
          aria-label={t.mapEdit.needs.groupOf}
          value={wordOf(group)}
          onChange={(event) => onChange(groupOf(event.target.value as Word, parts, Math.min(2, parts.length)))}
        >
          {(['all', 'any', 'atLeast'] as const).map((word) => (
            <option key={word} value={word}>
              {t.mapEdit.needs[word]}
            </option>
          ))}
        </select>
        {'of' in group && (
          <>
            <input
              id={id}
              aria-label={t.mapEdit.needs.count}
              type="number"
              min={1}
              max={parts.length}
              value={group.atLeast}
              onChange={(event) => onChange({ ...group, atLeast: Math.max(1, Number(event.target.value)) })}
            />
            <span>{t.mapEdit.needs.of(parts.length)}</span>
          </>
        )}
        <button
          type="button"
          className="edit-remove"
          aria-label={t.mapEdit.needs.removeGroup}
          onClick={() => onChange(undefined)}
        >
          <Icon name="close" />
        </button>
      </div>
      <ul>
        {parts.map((part, index) => (
          <li key={namesIn(part).join(' ')}>
            <OneNeed need={part} onChange={(next) => replace(index, next)} byAll={byAll} />
          </li>
        ))}
      </ul>
      {wordOf(group) !== 'all' && (
        <AddLink taken={namesIn(group)} onAdd={(need) => onChange(withParts(group, [...parts, need]))} />
      )}
    </div>
  );
}

function Link({
  link,
  onChange,
  byAll,
}: {
  link: Leaf;
  onChange(need: Need | undefined): void;
  byAll: Confirmation | undefined;
}) {
  const { t, say, reading } = useWords();
  const { map, me } = useWriting();
  const name = say(nameOf(map, link.need));
  const { graceSeconds, confirmed = byAll, ...bare } = link;
  const day = (on: string) => format.day(on, { ...reading, timeZone: 'UTC' });
  return (
    <div className="edit-link-row">
      <div className="edit-link-head">
        <strong>{name}</strong>
        <button
          type="button"
          className="edit-remove"
          aria-label={t.mapEdit.needs.removeOf(name)}
          onClick={() => onChange(undefined)}
        >
          <Icon name="close" />
        </button>
      </div>
      <p className={confirmed === undefined ? 'edit-unconfirmed' : 'soft'}>
        {confirmed === undefined
          ? t.mapEdit.needs.unconfirmed
          : t.mapEdit.needs.confirmed(confirmed.by, day(confirmed.on))}
        {confirmed === undefined && (
          <button
            type="button"
            className="edit-confirm"
            aria-label={t.mapEdit.needs.confirmOf(name)}
            onClick={() => onChange({ ...link, confirmed: me })}
          >
            {t.mapEdit.needs.confirm}
          </button>
        )}
      </p>
      {graceSeconds === undefined ? (
        <button type="button" className="edit-link" onClick={() => onChange({ ...link, graceSeconds: 900 })}>
          {t.mapEdit.needs.graceAdd}
        </button>
      ) : (
        <div className="edit-grace">
          <span>{t.mapEdit.needs.grace}</span>
          <Length
            label={t.mapEdit.needs.grace}
            seconds={graceSeconds}
            onChange={(seconds) =>
              onChange({
                ...bare,
                ...(link.confirmed === undefined ? {} : { confirmed: link.confirmed }),
                ...(seconds === undefined ? {} : { graceSeconds: seconds }),
              })
            }
          />
        </div>
      )}
    </div>
  );
}

/** A link drawn by hand is confirmed by whoever draws it. */
function AddLink({ taken, onAdd, canGroup = false }: { taken: string[]; onAdd(need: Need): void; canGroup?: boolean }) {
  const { t } = useWords();
  const { draft, me } = useWriting();
  const among = useChoosable('needed', [...taken, textAt(draft, 'id')]);
  const link = (need: string): Leaf => ({ need, confirmed: me });
  const [first, second] = among;
  return (
    <div className="edit-add-link">
      <Finder label={t.mapEdit.needs.addLink} among={among} onChoose={(need) => onAdd(link(need))} />
      {canGroup && first !== undefined && second !== undefined && (
        <NewChoice among={among} onAdd={(ids) => onAdd({ any: ids.map(link) })} />
      )}
    </div>
  );
}

/** A choice begins with its first side; the others are added inside it. */
function NewChoice({ among, onAdd }: { among: ReturnType<typeof useChoosable>; onAdd(ids: string[]): void }) {
  const { t } = useWords();
  return (
    <details className="edit-new-choice">
      <summary>{t.mapEdit.needs.addGroup}</summary>
      <Finder label={t.mapEdit.needs.addGroup} among={among} onChoose={(id) => onAdd([id])} />
    </details>
  );
}

function Proposal({ link, onSettle }: { link: ProposedLink; onSettle(isReal: boolean): void }) {
  const { t, say } = useWords();
  const { map } = useWriting();
  const name = say(nameOf(map, link.need));
  return (
    <li>
      <span>
        <strong>{name}</strong> <span className="soft">{t.mapEdit.needs.because(link.because)}</span>
      </span>
      <span className="edit-acts">
        <Button size="small" aria-label={t.mapEdit.needs.confirmOf(name)} onClick={() => onSettle(true)}>
          {t.mapEdit.needs.confirm}
        </Button>
        <Button size="small" look="quiet" aria-label={t.mapEdit.needs.dismissOf(name)} onClick={() => onSettle(false)}>
          {t.mapEdit.needs.dismiss}
        </Button>
      </span>
    </li>
  );
}
