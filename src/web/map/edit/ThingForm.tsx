import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { changeOf, type Draft, draftProblems, referenceFrom, type Thing } from '../../../map/edit/views.ts';
import type { HospitalMap, Need } from '../../../map/model.ts';
import { refusalOf } from '../../access/requests.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { Conflict } from './Conflict.tsx';
import { read, rewritten, textAt, type Writing, WritingContext, withoutMark } from './fields/draft.ts';
import { withLink } from './fields/Needs.tsx';
import { nameOf } from './fields/names.ts';
import { blank, forms } from './forms.tsx';
import { Removal } from './Removal.tsx';
import { useMapChange, useMapDocument, useMe } from './requests.ts';
import { type ThingTarget as Target, useEditing } from './useEditing.ts';

/** The form of one thing of the map, or of a new one. */
export default function ThingForm({ target, onClose }: { target: Target; onClose(): void }) {
  const { data } = useMapDocument();
  const { t, say } = useWords();
  const map = data?.document ?? undefined;
  if (map === undefined) return null;
  const opened = thingIn(map, target);
  if (target.id !== undefined && opened === null) {
    return (
      <Panel title={t.mapEdit.edit} onClose={onClose}>
        <p>{t.mapEdit.gone}</p>
      </Panel>
    );
  }
  const title =
    target.id === undefined
      ? t.mapEdit.sections[target.section]
      : target.section === 'establishment'
        ? say(map.establishment.name)
        : say(nameOf(map, target.id, [target.section]));
  return <Form map={map} target={target} opened={opened} title={title} onClose={onClose} />;
}

type Opened = Thing | HospitalMap['establishment'] | null;

function thingIn(map: HospitalMap, { section, id }: Target): Opened {
  if (section === 'establishment') return map.establishment;
  return map[section].find((one) => one.id === id) ?? null;
}

function Form({
  map,
  target,
  opened,
  title,
  onClose,
}: {
  map: HospitalMap;
  target: Target;
  opened: Opened;
  title: string;
  onClose(): void;
}) {
  const { t } = useWords();
  const { section } = target;
  const me = useMe();
  const { done } = useEditing();
  const save = useMapChange();
  // As it was when the person began to write: what others change meanwhile is a conflict, never lost.
  const [from, setFrom] = useState<Opened>(opened);
  const [draft, write] = useState<Draft>(() => begun(target, opened, map, me));
  const [start] = useState(draft);
  const [leaving, leave] = useState(false);
  const [told, tell] = useState(target.id !== undefined);
  const isNew = target.id === undefined;
  const isDirty = JSON.stringify(draft) !== JSON.stringify(start);
  const change = useMemo(() => {
    const id = isNew && section !== 'establishment' ? newId(map, section, draft) : (target.id ?? map.establishment.id);
    return changeOf(section, id, { from, to: { ...draft, id } });
  }, [draft, from, isNew, map, section, target.id]);
  const looked = useDeferredValue(change);
  const problems = useMemo(() => draftProblems(map, looked), [map, looked]);
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'map-changed-meanwhile');
  const refused = save.isError ? refusalOf(save.error) : null;
  const isConflict =
    problems.some(({ code }) => code === 'map-changed-meanwhile') || refused?.code === 'map-changed-meanwhile';

  const form = useRef<HTMLFormElement>(null);
  const { at } = target;
  useEffect(() => {
    if (at !== undefined) form.current?.querySelector<HTMLElement>(`.edit-${at} [role="combobox"]`)?.focus();
  }, [at]);
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isDirty]);

  const writing: Writing = {
    section,
    map,
    draft: section === 'establishment' ? draft : { ...draft, id: change.id },
    set(path, value) {
      write((before) => rewritten(before, path, value));
      tell(true);
    },
    confirm: (path) => write((before) => withoutMark(before, path)),
    // A form just opened does not scold for what nobody had the time to write.
    problems: told ? problems : [],
    me,
  };
  const name = nameIn(draft) || title;
  const submit = () => {
    tell(true);
    if (errors.length > 0) return;
    save.mutate([change], {
      onSuccess: ({ sequence }) => {
        done({ sequence, name, was: 'saved' });
        onClose();
      },
    });
  };
  const Fields = forms[section];
  return (
    <Panel
      title={title}
      onClose={onClose}
      mayClose={() => {
        if (isDirty && !leaving) leave(true);
        return !isDirty || leaving;
      }}
    >
      <WritingContext value={writing}>
        <form
          ref={form}
          className="map-edit"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {isConflict && from !== null && (
            <Conflict
              from={from}
              now={thingIn(map, { section, id: change.id })}
              mine={draft}
              map={map}
              onKeepMine={(now) => {
                setFrom(now);
                save.reset();
              }}
              onTakeTheirs={(now) => {
                setFrom(now);
                write({ ...now });
                save.reset();
              }}
            />
          )}
          <Fields />
          {refused !== null && !isConflict && <RefusalNote refusal={refused} onRetry={submit} />}
          {leaving ? (
            <div className="edit-leave" role="alert">
              <p>{t.mapEdit.leave}</p>
              <Button onClick={onClose}>{t.mapEdit.leaveYes}</Button>
              <Button look="main" onClick={() => leave(false)}>
                {t.mapEdit.leaveNo}
              </Button>
            </div>
          ) : (
            <div className="edit-foot">
              <Button
                look="main"
                type="submit"
                disabled={save.isPending || isConflict || (!isDirty && !isNew) || (told && errors.length > 0)}
              >
                {save.isPending ? t.mapEdit.saving : t.mapEdit.save}
              </Button>
              <p role="status" className="soft">
                {told && errors.length > 0 ? t.mapEdit.correct(errors.length) : ''}
              </p>
              {!isNew && section !== 'establishment' && from !== null && (
                <Removal map={map} section={section} id={change.id} name={name} onClose={onClose} />
              )}
            </div>
          )}
        </form>
      </WritingContext>
    </Panel>
  );
}

function begun(
  { section, id, needs = [], kind, site }: Target,
  opened: Opened,
  map: HospitalMap,
  me: Writing['me'],
): Draft {
  if (section === 'establishment') return { ...map.establishment };
  const [only, ...others] = map.sites;
  const place = site ?? (section === 'wards' && others.length === 0 ? only?.id : undefined);
  const asked = { ...(kind === undefined ? {} : { kind }), ...(place === undefined ? {} : { site: place }) };
  const draft: Draft = id === undefined ? { ...blank[section], ...asked } : { ...opened };
  if (needs.length === 0) return draft;
  // What is drawn is confirmed by whoever draws it.
  const drawn = needs.reduce<Need | undefined>(
    (before, need) => withLink(before, { need, confirmed: me }),
    read(draft, 'needs') as Need | undefined,
  );
  return { ...draft, needs: drawn };
}

const nameIn = (draft: Draft): string => textAt(draft, 'name.fr') || textAt(draft, 'name');

/** Components and care functions share one space of ids: needs name both. */
function newId(map: HospitalMap, section: Exclude<Target['section'], 'establishment'>, draft: Draft): string {
  const lists =
    section === 'components' || section === 'careFunctions' ? (['components', 'careFunctions'] as const) : [section];
  const taken = new Set(lists.flatMap((list) => map[list].map(({ id }) => id)));
  return referenceFrom(nameIn(draft), (id) => taken.has(id));
}
