import type { ReactNode } from 'react';
import { componentKinds, type Section } from '../../../map/edit/views.ts';
import { useWords } from '../../words/Words.tsx';
import { type EditedSection, read, useWriting } from './fields/draft.ts';
import { NeededWhen, Signed } from './fields/Needed.tsx';
import { Needs } from './fields/Needs.tsx';
import { Pick, PickMany } from './fields/Pick.tsx';
import { Amount, InBoth, LengthField, Lines, Row, Select, Text } from './fields/Plain.tsx';

type GroupName = keyof ReturnType<typeof useWords>['t']['mapEdit']['groups'];

function Group({ name, children }: { name: GroupName; children: ReactNode }) {
  const { t } = useWords();
  return (
    <fieldset className="edit-part">
      <legend>{t.mapEdit.groups[name]}</legend>
      {children}
    </fieldset>
  );
}

function EstablishmentForm() {
  return (
    <Group name="what">
      <InBoth at="name" name="name" />
      <Text at="finess" name="finess" />
      <Text at="timeZone" name="timeZone" />
      <Pick at="reflexe" name="reflexe" of="components" />
    </Group>
  );
}

function SiteForm() {
  return (
    <Group name="what">
      <InBoth at="name" name="name" />
      <Text at="city" name="city" />
    </Group>
  );
}

function WardForm() {
  const { t } = useWords();
  return (
    <Group name="what">
      <InBoth at="name" name="name" />
      <Pick at="site" name="site" of="sites" />
      <div className="edit-pair">
        <Text at="phone" name="phone" type="tel" />
        <Amount at="beds" name="beds" />
      </div>
      <PickMany at="accessPoints" name="accessPoints" of="components" hint={t.mapEdit.hints.accessPoints} />
    </Group>
  );
}

function SupplierForm() {
  return (
    <>
      <Group name="what">
        <Text at="name" name="name" />
        <Text at="contact" name="contact" />
        <div className="edit-pair">
          <Text at="phone" name="phone" type="tel" />
          <Text at="phoneAtNight" name="phoneAtNight" type="tel" />
        </div>
        <Text at="email" name="email" type="email" />
      </Group>
      <Group name="duties">
        <Delays />
        <PickMany at="reliesOn" name="reliesOn" of="suppliers" />
      </Group>
    </>
  );
}

const Delays = () => (
  <div className="edit-pair">
    <LengthField at="mustAnswerWithinSeconds" name="mustAnswerWithinSeconds" />
    <LengthField at="mustRepairWithinSeconds" name="mustRepairWithinSeconds" />
  </div>
);

function ContractForm() {
  const { t } = useWords();
  return (
    <>
      <Group name="what">
        <InBoth at="name" name="name" />
        <Pick at="supplier" name="supplier" of="suppliers" />
        <Text at="number" name="number" />
        <PickMany at="covers" name="covers" of="components" hint={t.mapEdit.hints.covers} />
      </Group>
      <Group name="duties">
        <div className="edit-pair">
          <Text at="from" name="from" type="date" />
          <Text at="until" name="until" type="date" />
        </div>
        <Text at="hours" name="hours" />
        <Delays />
        <Clauses />
      </Group>
    </>
  );
}

/** Clauses as they are read aloud: a title and a text each. */
function Clauses() {
  const { t } = useWords();
  const { draft, set } = useWriting();
  const clauses = (read(draft, 'clauses') as { title: { fr: string }; text: { fr: string } }[] | undefined) ?? [];
  const shown = [...clauses, { title: { fr: '' }, text: { fr: '' } }];
  const put = (index: number, part: 'title' | 'text', fr: string) =>
    set(
      'clauses',
      shown
        .map((one, at) => (at === index ? { ...one, [part]: { ...one[part], fr } } : one))
        .filter(({ title, text }) => title.fr !== '' || text.fr !== ''),
    );
  return (
    <Row at="clauses" name="clauses" isOwn>
      {() =>
        shown.map((clause, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: clauses have no name of their own, and are not moved
          <div key={index} className="edit-clause">
            {(['title', 'text'] as const).map((part) => (
              <input
                key={part}
                aria-label={`${part === 'title' ? t.mapEdit.fields.clauseTitle : t.mapEdit.fields.clauseText} ${index + 1}`}
                placeholder={part === 'title' ? t.mapEdit.fields.clauseTitle : t.mapEdit.fields.clauseText}
                value={clause[part].fr}
                onChange={(event) => put(index, part, event.target.value)}
              />
            ))}
          </div>
        ))
      }
    </Row>
  );
}

function TeamForm() {
  return (
    <Group name="what">
      <InBoth at="name" name="name" />
      <div className="edit-pair">
        <Text at="phone" name="phone" type="tel" />
        <Text at="onCall" name="onCall" type="tel" />
      </div>
    </Group>
  );
}

function CareFunctionForm() {
  const { t } = useWords();
  const { draft, set } = useWriting();
  const { hints } = t.mapEdit;
  const outs = Object.entries(t.start.paper.runsOutFirst).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Group name="what">
        <InBoth at="name" name="name" />
        <PickMany at="wards" name="wards" of="wards" offersAll />
        <Pick at="partOf" name="partOf" of="careFunctions" />
      </Group>
      <Group name="call">
        <div className="edit-pair">
          <Text at="call.who" name="callWho" />
          <Text at="call.phone" name="callPhone" type="tel" />
        </div>
      </Group>
      <Group name="degraded">
        <InBoth at="degradedMode.name" name="degradedName" />
        <Lines at="degradedMode.steps" name="steps" />
        <div className="edit-pair">
          <LengthField at="degradedMode.holdSeconds" name="holdSeconds" hint={hints.holdSeconds} />
          <Select at="degradedMode.runsOutFirst" name="runsOutFirst" options={outs} />
        </div>
        <Text at="degradedMode.provedOn" name="provedOn" type="date" />
      </Group>
      <Group name="vital">
        <div className="edit-pair">
          <Row at="tier" name="tier" hint={hints.tier}>
            {({ id, described }) => (
              <select
                id={id}
                {...described}
                value={String(read(draft, 'tier') ?? '')}
                onChange={(event) => set('tier', Number(event.target.value))}
              >
                {([1, 2, 3] as const).map((tier) => (
                  <option key={tier} value={tier}>
                    {t.mapEdit.tiers[tier]}
                  </option>
                ))}
              </select>
            )}
          </Row>
          <Amount at="weight" name="weight" hint={hints.weight} step="any" />
        </div>
        <NeededWhen />
        <Signed />
      </Group>
      <Group name="time">
        <div className="edit-pair">
          <LengthField at="mtpdSeconds" name="mtpdSeconds" />
          <LengthField at="rtoSeconds" name="rtoSeconds" />
        </div>
        <LengthField at="rpoSeconds" name="rpoSeconds" />
      </Group>
      <Group name="links">
        <Needs />
      </Group>
    </>
  );
}

function ComponentForm() {
  const { t } = useWords();
  const { draft } = useWriting();
  const { hints } = t.mapEdit;
  return (
    <>
      <Group name="what">
        <InBoth at="name" name="name" />
        <Select
          at="kind"
          name="kind"
          options={componentKinds.map((kind) => ({ value: kind, label: t.map.kinds[kind] }))}
        />
      </Group>
      <Group name="links">
        <Needs />
      </Group>
      <Group name="where">
        <Pick at="site" name="site" of="sites" />
        <Pick at="supplier" name="supplier" of="suppliers" />
        <Pick at="team" name="team" of="teams" />
      </Group>
      <Group name="failure">
        <LengthField at="returnSeconds" name="returnSeconds" hint={hints.returnSeconds} />
        {read(draft, 'restore') !== undefined && (
          <div className="edit-pair">
            <LengthField at="restore.declaredSeconds" name="declaredSeconds" />
            <LengthField at="restore.everySeconds" name="everySeconds" />
          </div>
        )}
        <p className="field-hint">{hints.reliability}</p>
        <div className="edit-pair">
          <Amount at="reliability.failuresPerYear" name="failuresPerYear" step="any" />
          <LengthField at="reliability.repairSeconds" name="repairSeconds" />
        </div>
        <Text at="reliability.source" name="reliabilitySource" />
      </Group>
    </>
  );
}

function StartTogetherForm() {
  const { t } = useWords();
  return (
    <Group name="members">
      <InBoth at="name" name="name" />
      <PickMany at="members" name="members" of="components" hint={t.mapEdit.hints.members} />
    </Group>
  );
}

export const forms: { readonly [section in EditedSection]: () => ReactNode } = {
  establishment: EstablishmentForm,
  sites: SiteForm,
  wards: WardForm,
  suppliers: SupplierForm,
  contracts: ContractForm,
  teams: TeamForm,
  careFunctions: CareFunctionForm,
  components: ComponentForm,
  startTogether: StartTogetherForm,
};

/** What a new thing is before anybody says anything of it: nothing that could pass for said. */
export const blank: { readonly [section in Section]: { readonly [field: string]: unknown } } = {
  sites: {},
  wards: { accessPoints: [] },
  suppliers: {},
  contracts: { covers: [], clauses: [] },
  teams: {},
  careFunctions: { tier: 2, weight: 1, calendar: 'always', wards: [], toConfirm: ['tier', 'weight'] },
  components: {},
  startTogether: { members: [] },
};
