import { Choice } from '../parts/Choice.tsx';
import { useWords } from '../words/Words.tsx';
import { choose } from './preferences.ts';

export function LanguageChoice({ legendShown = false }: { legendShown?: boolean }) {
  const { t, language } = useWords();
  return (
    <Choice
      legend={t.settings.language}
      legendShown={legendShown}
      value={language}
      // Each language by its own name: who cannot read the screen finds theirs.
      options={[
        { value: 'fr', label: 'Français' },
        { value: 'en', label: 'English' },
      ]}
      onChange={(chosen) => choose({ language: chosen })}
    />
  );
}
