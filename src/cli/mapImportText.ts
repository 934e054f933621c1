import type { Columns } from '../adapters/imports/table/columns.ts';
import type { Changed, Conflict, Named } from '../map/import/draft.ts';
import type { ImportProblem } from '../map/import/imported.ts';
import type { Language, Text } from './language.ts';

export interface MapImport {
  /** The map would hold together: no error that it does not have already. */
  ok: boolean;
  from: string;
  added: number;
  changed: number;
  removed: number;
  conflicts: Conflict[];
  applied: boolean;
  /** What the source says that could not be taken, or only in part. */
  problems: ImportProblem[];
  /** What the map would be refused for. */
  errors: string[];
  things: { added: Named[]; changed: Changed[]; removed: Named[] };
  /** What the columns of a table were taken to mean. */
  columns?: Columns;
  /** Files written. */
  written: string[];
}

/** Lines of each kind: a person reads these and counts on the number for the rest. */
const linesMax = 15;

const sections: { readonly [section in Named['section']]: Text } = {
  establishment: { fr: 'Établissement', en: 'Establishment' },
  sites: { fr: 'Sites', en: 'Sites' },
  wards: { fr: 'Unités de soins', en: 'Wards' },
  suppliers: { fr: 'Fournisseurs', en: 'Suppliers' },
  contracts: { fr: 'Contrats', en: 'Contracts' },
  teams: { fr: 'Équipes', en: 'Teams' },
  careFunctions: { fr: 'Fonctions de soins', en: 'Care functions' },
  components: { fr: 'Composants', en: 'Components' },
  startTogether: { fr: 'Démarrages groupés', en: 'Started together' },
};

const reasons: { readonly [because in Conflict['because']]: Text } = {
  confirmed: { fr: 'confirmé par une personne', en: 'confirmed by a person' },
  edited: { fr: 'changé ici depuis le dernier import', en: 'changed here since the last import' },
  otherwise: { fr: 'la carte dit autre chose', en: 'the map says otherwise' },
  'still-used': { fr: 'disparu de la source, encore utilisé ici', en: 'gone from the source, still used here' },
};

export function rendered(found: MapImport, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const { things, conflicts, problems, errors, columns } = found;
  const said = (value: unknown): string => {
    if (value === undefined) return french ? 'rien' : 'nothing';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
  };
  const lines: string[] = [];
  const list = (all: readonly string[]) => {
    lines.push(...all.slice(0, linesMax));
    const more = all.length - linesMax;
    if (more > 0) lines.push(french ? `  … et ${more} autres` : `  … and ${more} more`);
  };
  for (const section of Object.keys(sections) as Named['section'][]) {
    const of = <One extends Named>(all: readonly One[]) => all.filter((one) => one.section === section);
    const [added, changed, removed] = [of(things.added), of(things.changed), of(things.removed)];
    if (added.length + changed.length + removed.length === 0) continue;
    lines.push(
      `${sections[section][inLanguage]} : +${added.length} ~${changed.length} −${removed.length}`.replace(
        ' :',
        french ? ' :' : ':',
      ),
    );
    list(added.map(({ id, name }) => `  + ${id} — ${name}`));
    list(
      changed.flatMap(({ id, fields }) =>
        fields.map(({ field, from, to }) => `  ~ ${id}.${field} : ${said(from)} → ${said(to)}`),
      ),
    );
    list(removed.map(({ id, name }) => `  − ${id} — ${name}`));
  }
  if (conflicts.length > 0) {
    lines.push(
      french
        ? `Conflits (${conflicts.length}) : la carte garde ce qu’elle dit`
        : `Conflicts (${conflicts.length}): the map keeps what it says`,
    );
    list(
      conflicts.map(({ key, here, there, because, usedBy }) =>
        because === 'still-used' || there === undefined
          ? `  ! ${key} (${reasons[because][inLanguage]}${usedBy === undefined || usedBy.length === 0 ? '' : ` : ${usedBy.slice(0, 5).join(', ')}`})`
          : `  ! ${key} (${reasons[because][inLanguage]}) : ${french ? 'carte' : 'map'} ${said(here)} ; ${found.from} ${said(there)}`,
      ),
    );
  }
  if (columns !== undefined) {
    lines.push(french ? `Colonnes (${columns.table}) :` : `Columns (${columns.table}):`);
    list(Object.entries(columns.columns).map(([heading, field]) => `  ${heading} → ${field ?? '—'}`));
  }
  if (problems.length > 0) {
    lines.push(french ? `Dans la source (${problems.length}) :` : `In the source (${problems.length}):`);
    list(
      problems.map(({ file, row, column, field, message, expected, kept }) => {
        const place = [file, row, column, field].filter((part) => part !== undefined).join(':');
        const rest = [expected, kept].filter((part) => part !== undefined).join('; ');
        return `  ${place} ${message}${rest === '' ? '' : ` (${rest})`}`;
      }),
    );
  }
  for (const error of errors.slice(0, linesMax)) lines.push(`  ${french ? 'erreur' : 'error'} ${error}`);
  lines.push(summary(found, french));
  return lines.join('\n');
}

function summary({ added, changed, removed, conflicts, applied, errors, written }: MapImport, french: boolean): string {
  const counts = french
    ? `${added} ajouts, ${changed} changements, ${removed} retraits, ${conflicts.length} conflits`
    : `${added} added, ${changed} changed, ${removed} removed, ${conflicts.length} conflicts`;
  if (errors.length > 0) {
    return french
      ? `${counts} ; ${errors.length} erreurs : la carte est inchangée.`
      : `${counts}; ${errors.length} errors: the map is unchanged.`;
  }
  if (!applied)
    return french ? `${counts}. Rien n’est appliqué : ajoutez --apply.` : `${counts}. Nothing applied: add --apply.`;
  const files = written.length === 0 ? (french ? 'aucun fichier n’a changé' : 'no file changed') : written.join(', ');
  return french ? `${counts}. Appliqué : ${files}.` : `${counts}. Applied: ${files}.`;
}
