import { useState } from 'react';
import type { AuditLine } from '../../access/state.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { refusalOf } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { sought } from '../parts/sought.ts';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { useAudit } from './requests.ts';
import { SealCode } from './SealCode.tsx';
import { Tabs } from './Tabs.tsx';
import './people.css';

/** Who came in, how, and what was changed about whom: the latest lines of the journal's trail of access. */
export function Audit() {
  const { t } = useWords();
  const { world } = useWorld();
  const audit = useAudit(world);
  const [search, setSearch] = useState('');
  const told = useTold();
  const lines = (audit.data?.lines ?? []).map((line) => ({ line, ...told(line) }));
  const found = lines.filter((one) => sought(Object.values(one.texts).join(' ')).includes(sought(search)));
  return (
    <Page
      title={t.audit.title}
      lead={t.audit.lead}
      className="people"
      tools={
        <>
          <Button icon="print" onClick={() => print()}>
            {t.parts.print}
          </Button>
          <Button icon="copy" disabled={found.length === 0} onClick={() => saveCsv(found)}>
            {t.audit.export}
          </Button>
        </>
      }
    >
      <Tabs />
      {audit.isError && <RefusalNote refusal={refusalOf(audit.error)} onRetry={() => void audit.refetch()} />}
      <SealCode />
      <SearchField label={t.audit.search} value={search} onChange={setSearch} />
      <p className="soft" role="status">
        {t.audit.shown(found.length, lines.length)}
      </p>
      <ol className="audit-list">
        {found.map(({ line, texts }) => (
          <li key={line.sequence} className="audit-line">
            <time dateTime={line.at}>{texts.when}</time>
            <div>
              <p>
                <strong>{texts.what}</strong>
                {texts.whom !== '' && ` · ${texts.whom}`}
              </p>
              {texts.details !== '' && <p className="soft audit-details">{texts.details}</p>}
            </div>
            <span className="soft">{t.audit.entry(line.sequence)}</span>
          </li>
        ))}
      </ol>
    </Page>
  );
}

/** Said beside, or of use to a program only: the export has the ids. */
const hidden = new Set(['by', 'at', 'session', 'approval']);

interface Told {
  texts: { when: string; what: string; whom: string; details: string };
}

function useTold(): (line: AuditLine) => Told {
  const { t, reading } = useWords();
  const nameOf = usePersonName();
  /** `clinician@icu`, or one word of the trail. */
  const inWords = (value: string): string => {
    const [word = '', place] = value.split('@');
    const said = entry(t.access.roles, word) ?? entry(t.audit.values, word) ?? entry(t.acts, word) ?? word;
    return place === undefined ? said : `${said} (${place})`;
  };
  return ({ at, what, person, actor, details }) => {
    const whom = person === null ? '' : nameOf(person.startsWith('person:') ? person : `person:${person}`);
    const by = details.by ?? (actor.startsWith('person:') ? actor.slice('person:'.length) : null);
    const shown = Object.entries(details).flatMap(([name, value]) => {
      if (hidden.has(name) || value === null) return [];
      const said = typeof value === 'string' ? value.split(', ').map(inWords).join(', ') : String(value);
      return [`${entry(t.audit.details, name) ?? name}${t.parts.colon} ${said}`];
    });
    const byWhom = typeof by === 'string' && by !== person ? [t.audit.by(nameOf(`person:${by}`))] : [];
    return {
      texts: {
        when: format.when('at', at, Date.now(), reading),
        what: entry(t.audit.what, what) ?? what,
        whom,
        details: [...byWhom, ...shown].join(' · '),
      },
    };
  };
}

/** RFC 4180, with the mark that spreadsheets want to read UTF-8; a cell that a spreadsheet would compute is made text. */
function saveCsv(lines: readonly (Told & { line: AuditLine })[]): void {
  const cell = (text: string): string => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const rows = lines.map(({ line, texts }) =>
    [String(line.sequence), line.at, line.what, line.person ?? '', line.actor, texts.what, texts.whom, texts.details]
      .map(cell)
      .join(','),
  );
  const csv = `\uFEFF${['sequence,time,what,person,actor,told,whom,details', ...rows].join('\r\n')}\r\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  link.download = `reflexe-audit-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
