import { useSyncExternalStore } from 'react';
import { type Language, languages } from '../../words/language.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What a person chose on this device. The address may ask for a language or the wall (`?lang=en&wall=1`): a kiosk has no menu. */
export interface Preferences {
  language: Language;
  theme: Theme;
  wall: boolean;
}

const listeners = new Set<() => void>();
let preferences: Preferences = read();
apply(preferences);

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`reflexe.${name}`);
  } catch {
    return null;
  }
}

function read(): Preferences {
  const asked = new URLSearchParams(location.search);
  const isLanguage = (value: string | null): value is Language => languages.some((known) => known === value);
  const isTheme = (value: string | null): value is Theme => themes.some((known) => known === value);
  const candidates = [asked.get('lang'), stored('language'), navigator.language.slice(0, 2)];
  const theme = stored('theme');
  return {
    language: candidates.find(isLanguage) ?? 'fr',
    theme: isTheme(theme) ? theme : 'auto',
    wall: asked.get('wall') === '1',
  };
}

function apply({ language, theme, wall }: Preferences) {
  const root = document.documentElement;
  root.lang = language;
  if (theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = theme;
  const large = matchMedia('(min-width: 1920px)');
  const layout = () => {
    if (wall || large.matches) root.dataset.layout = 'wall';
    else delete root.dataset.layout;
  };
  layout();
  large.onchange = layout;
  if (wall) root.dataset.kiosk = 'true';
}

export function choose(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  apply(preferences);
  try {
    for (const [name, value] of Object.entries(change)) localStorage.setItem(`reflexe.${name}`, String(value));
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}
