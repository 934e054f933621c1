import { useEffect, useRef, useState } from 'react';
import type { MapGraphView } from '../../../map/views.ts';
import type { WhatIfBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { refusalOf } from '../../access/requests.ts';
import { useNow } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { printSheet } from '../../parts/sheet.ts';
import { useWords } from '../../words/Words.tsx';
import { CareLines } from './CareLines.tsx';
import { Chosen } from './Chosen.tsx';
import { GapByTier } from './GapByTier.tsx';
import { type Hypothesis, stopsOf, toggled } from './hypothesis.ts';
import { TimeSlider } from './TimeSlider.tsx';
import './whatIf.css';

/** What would be lost, when, and what would keep it. Nothing here touches the hospital: it says so, and Escape leaves. */
export function WhatIfPanel({
  view,
  hypothesis,
  answer,
  losses,
  error,
  onChange,
  onSelect,
}: {
  view: MapGraphView;
  hypothesis: Hypothesis;
  answer: WhatIfBody | undefined;
  /** When care functions are lost, whatever instant is looked at. */
  losses: readonly (number | null)[];
  error: unknown;
  onChange(hypothesis: Hypothesis | null): void;
  onSelect(id: string): void;
}) {
  const { t, reading } = useWords();
  const words = t.mapWhatIf;
  const now = useNow();
  const sheet = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const count = (holds: (one: WhatIfBody['careFunctions'][number]) => boolean) =>
    answer?.careFunctions.filter(holds).length ?? 0;
  return (
    <aside className="what-if card" aria-label={words.title} ref={sheet}>
      <div className="what-if-head">
        <div>
          <p className="what-if-mark">{words.mark}</p>
          <h2 ref={heading} tabIndex={-1}>
            {words.title}
          </h2>
        </div>
        <button type="button" className="panel-close no-print" onClick={() => onChange(null)}>
          <Icon name="close" />
          <span className="visually-hidden">{words.leave}</span>
        </button>
      </div>
      <Chosen
        view={view}
        stopped={hypothesis.stopped}
        onToggle={(reference) => onChange({ ...hypothesis, stopped: toggled(hypothesis.stopped, reference) })}
      />
      <Choice
        legend={words.rest}
        value={hypothesis.rest}
        options={[
          { value: 'asSeen', label: words.asSeen },
          { value: 'up', label: words.allUp },
        ]}
        onChange={(rest) => onChange({ ...hypothesis, rest })}
      />
      <TimeSlider
        stops={stopsOf(losses)}
        afterSeconds={hypothesis.afterSeconds}
        onChange={(afterSeconds) => onChange({ ...hypothesis, afterSeconds })}
      />
      {error !== null && <RefusalNote refusal={refusalOf(error)} />}
      {answer !== undefined && (
        <div className="what-if-answer">
          <p className="what-if-sum" role="status">
            {words.sum(
              count(({ state }) => state === 'lost'),
              count(({ state }) => state === 'partly'),
              answer.down.length,
            )}
          </p>
          <CareLines answer={answer} view={view} onSelect={onSelect} />
          <GapByTier careGap={answer.careGap} />
          <p className="only-print">{t.parts.printedAt(format.day(now, reading), format.clock(now, reading))}</p>
          <div className="what-if-acts no-print">
            <Button icon="print" onClick={() => printSheet(sheet.current)}>
              {t.parts.print}
            </Button>
            <CopyLink />
          </div>
        </div>
      )}
    </aside>
  );
}

function CopyLink() {
  const { t } = useWords();
  const [isCopied, setCopied] = useState(false);
  // Only over TLS does a browser let a page write there; the address bar holds the same link.
  if (navigator.clipboard === undefined) return null;
  return (
    <Button icon="copy" onClick={() => void navigator.clipboard.writeText(location.href).then(() => setCopied(true))}>
      {isCopied ? t.parts.copied : t.mapWhatIf.copyLink}
    </Button>
  );
}
