import { Link } from 'wouter';
import { useSession } from '../access/requests.ts';
import { Sessions } from '../access/Sessions.tsx';
import { useSignOut } from '../access/signOut.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { LanguageChoice } from './LanguageChoice.tsx';
import { choose, themes, usePreferences } from './preferences.ts';
import '../access/account.css';
import './settings.css';

export function Settings() {
  const { t, language } = useWords();
  const { theme } = usePreferences();
  const session = useSession();
  const signOut = useSignOut();
  const person = session.data?.person;
  return (
    <Page title={t.settings.title} lead={t.settings.lead} className="settings">
      <section className="card">
        <h2>{t.settings.display}</h2>
        <LanguageChoice legendShown />
        <Choice
          legend={t.settings.theme}
          value={theme}
          options={themes.map((value) => ({ value, label: t.settings.themes[value] }))}
          onChange={(chosen) => choose({ theme: chosen })}
        />
        <div>
          <p>{t.settings.wallLead}</p>
          <a className="button button-plain" href={`/?wall=1&lang=${language}`}>
            {t.settings.wall}
          </a>
        </div>
      </section>
      {person != null && (
        <section className="card">
          <h2>{t.settings.person}</h2>
          <dl className="facts">
            <div>
              <dt>{t.access.displayName}</dt>
              <dd>{person.displayName}</dd>
            </div>
            <div>
              <dt>{t.settings.rights}</dt>
              <dd>{person.roles.map((role) => t.access.roles[role]).join(', ')}</dd>
            </div>
          </dl>
          <div className="account-acts">
            <Link href="/account" className="button button-plain">
              <Icon name="lock" />
              <span>{t.account.open}</span>
            </Link>
            <Button disabled={signOut.isPending} onClick={() => signOut.mutate()}>
              {t.settings.signOut}
            </Button>
          </div>
        </section>
      )}
      <Sessions />
    </Page>
  );
}
