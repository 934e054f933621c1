import { useRef, useState } from 'react';
import type { InvitedBody } from '../../server/protocol.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { QrCode } from '../parts/QrCode.tsx';
import { printSheet } from '../parts/sheet.ts';
import { useWords } from '../words/Words.tsx';

/** A link that opens once: to send, to show to their telephone, or to print. It is shown this once. */
export function OneTimeLink({ invited }: { invited: InvitedBody }) {
  const { t, reading } = useWords();
  const [isCopied, setCopied] = useState(false);
  const sheet = useRef<HTMLDivElement>(null);
  const link = `${location.origin}/#link=${invited.token}`;
  const copy = () => {
    void navigator.clipboard.writeText(link).then(() => setCopied(true));
  };
  return (
    <div ref={sheet} className="one-time-link">
      <p>
        <strong>{t.people.linkFor(invited.person.displayName)}</strong>{' '}
        {t.people.linkMeans(format.when('until', invited.until, Date.now(), reading))}
      </p>
      <QrCode text={link} label={t.people.qr} />
      <p className="link-text">{link}</p>
      <div className="no-print people-acts">
        <Button icon="copy" onClick={copy}>
          {isCopied ? t.parts.copied : t.parts.copy}
        </Button>
        <Button icon="print" onClick={() => printSheet(sheet.current)}>
          {t.parts.print}
        </Button>
      </div>
    </div>
  );
}
