import type { ImportedSection } from '../../../map/import/imported.ts';
import { sameName } from '../../../map/import/names.ts';

/** How a cell is read. */
export type CellKind =
  | 'text'
  | 'words'
  | 'count'
  | 'number'
  | 'duration'
  | 'reference'
  | 'references'
  | 'needs'
  | 'kind'
  | 'tier'
  | 'date';

export interface Field {
  cell: CellKind;
  /** Where it goes in the thing: `['call', 'phone']`. */
  path: readonly string[];
  /** Headings people give it, in French and English; compared without accents, case or punctuation. */
  headings: readonly string[];
}

const field = (cell: CellKind, path: string, ...headings: string[]): Field => ({
  cell,
  path: path.split('.'),
  headings,
});

const id = field('text', 'id', 'id', 'identifiant', 'code', 'reference', 'ref', 'identifier', 'cle', 'key');
const name = (...headings: string[]) =>
  field('words', 'name.fr', 'nom', 'name', 'libelle', 'designation', 'intitule', 'label', ...headings);
const english = field('words', 'name.en', 'nom anglais', 'english name', 'name en', 'libelle anglais');
const site = field(
  'reference',
  'site',
  'site',
  'etablissement',
  'localisation',
  'lieu',
  'location',
  'campus',
  'batiment',
  'building',
);
const phone = field('text', 'phone', 'telephone', 'tel', 'phone', 'numero', 'poste', 'phone number');
const needs = field(
  'needs',
  'needs',
  ...[
    'depend de',
    'dependances',
    'dependance',
    'besoins',
    'besoin',
    'needs',
    'depends on',
    'dependencies',
    'requires',
    'necessite',
  ],
  ...[
    'serveur',
    'serveurs',
    'server',
    'servers',
    'heberge sur',
    'hosted on',
    'hote',
    'host',
    'alimente par',
    'powered by',
  ],
);
const mustAnswer = field(
  'duration',
  'mustAnswerWithinSeconds',
  'gti',
  'delai d intervention',
  'delai de reponse',
  'garantie d intervention',
  'must answer within',
  'response time',
  'answer within',
);
const mustRepair = field(
  'duration',
  'mustRepairWithinSeconds',
  'gtr',
  'delai de retablissement',
  'delai de reparation',
  'garantie de retablissement',
  'must repair within',
  'repair time',
  'repair within',
);

/** What a table may hold, and the fields of each: the name people correct a mapping with, and what it means. */
export const tables = {
  components: {
    id,
    name: name(
      'composant',
      'component',
      'application',
      'applications',
      'logiciel',
      'equipement',
      'asset',
      'materiel',
      'machine',
      'hostname',
      'nom du serveur',
      'nom de l application',
    ),
    nameEn: english,
    kind: field('kind', 'kind', 'type', 'nature', 'categorie', 'kind', 'category', 'type de composant', 'famille'),
    site,
    supplier: field(
      'reference',
      'supplier',
      'fournisseur',
      'editeur',
      'prestataire',
      'supplier',
      'vendor',
      'provider',
      'mainteneur',
      'constructeur',
      'societe',
    ),
    team: field('reference', 'team', 'equipe', 'team', 'responsable technique', 'exploitant'),
    needs,
    return: field(
      'duration',
      'returnSeconds',
      'delai de remise en service',
      'duree de retour',
      'return',
      'return time',
      'temps de redemarrage',
      'duree de redemarrage',
    ),
  },
  careFunctions: {
    id,
    name: name(
      'fonction',
      'fonction de soins',
      'fonction de soin',
      'care function',
      'function',
      'activite',
      'processus',
      'process',
    ),
    nameEn: english,
    tier: field(
      'tier',
      'tier',
      'rang',
      'rang vital',
      'niveau',
      'criticite',
      'tier',
      'vital tier',
      'priorite',
      'priority',
      'criticality',
    ),
    weight: field('number', 'weight', 'poids', 'weight', 'ponderation'),
    mtpd: field(
      'duration',
      'mtpdSeconds',
      'dmia',
      'dima',
      'mtpd',
      'mtd',
      'interruption maximale',
      'interruption maximale admissible',
      'maximum tolerable downtime',
      'duree maximale d interruption',
      'duree maximale d interruption admissible',
    ),
    rto: field(
      'duration',
      'rtoSeconds',
      'rto',
      'objectif de retour',
      'objectif de reprise',
      'delai de reprise',
      'recovery time objective',
    ),
    rpo: field(
      'duration',
      'rpoSeconds',
      'pdma',
      'rpo',
      'perte de donnees maximale',
      'perte de donnees maximale admissible',
      'recovery point objective',
    ),
    wards: field(
      'references',
      'wards',
      'unites',
      'unite',
      'services',
      'service',
      'wards',
      'ward',
      'unites concernees',
      'services concernes',
    ),
    partOf: field('reference', 'partOf', 'fait partie de', 'part of', 'dans', 'fonction mere'),
    needs: field(
      'needs',
      'needs',
      ...needs.headings,
      'applications',
      'application',
      'logiciels',
      'logiciel',
      'composants',
      'systemes',
    ),
    who: field(
      'text',
      'call.who',
      'qui appeler',
      'a appeler',
      'contact',
      'whom to call',
      'call',
      'referent',
      'responsable',
    ),
    phone: field('text', 'call.phone', ...phone.headings, 'numero a appeler'),
    degradedMode: field(
      'words',
      'degradedMode.name.fr',
      'mode degrade',
      'procedure degradee',
      'degraded mode',
      'workaround',
      'mode de secours',
      'que faire',
    ),
    hold: field(
      'duration',
      'degradedMode.holdSeconds',
      'tenue',
      'duree de tenue',
      'tient',
      'hold',
      'holds for',
      'duree du mode degrade',
      'combien de temps',
    ),
    signedBy: field('text', 'signedBy', 'signe par', 'valide par', 'signed by', 'approved by'),
    signedOn: field('date', 'signedOn', 'signe le', 'valide le', 'signed on', 'approved on'),
  },
  wards: {
    id,
    name: name('unite', 'unite de soins', 'service', 'ward', 'unit', 'uf', 'pole', 'departement'),
    nameEn: english,
    site,
    beds: field('count', 'beds', 'lits', 'nombre de lits', 'beds', 'capacite', 'nb lits'),
    phone,
    accessPoints: field(
      'references',
      'accessPoints',
      'postes',
      'postes de travail',
      'acces',
      'access points',
      'workstations',
    ),
  },
  suppliers: {
    id,
    name: {
      ...name(
        'fournisseur',
        'societe',
        'supplier',
        'vendor',
        'provider',
        'prestataire',
        'editeur',
        'raison sociale',
        'company',
      ),
      cell: 'text',
      path: ['name'],
    } as const,
    contact: field('text', 'contact', 'contact', 'interlocuteur', 'correspondant', 'nom du contact'),
    phone,
    phoneAtNight: field(
      'text',
      'phoneAtNight',
      'telephone la nuit',
      'telephone de nuit',
      'tel nuit',
      'astreinte',
      'telephone astreinte',
      'phone at night',
      'on call phone',
      'hors heures ouvrees',
    ),
    email: field('text', 'email', 'courriel', 'mail', 'email', 'e mail', 'adresse electronique', 'adresse mail'),
    mustAnswerWithin: mustAnswer,
    mustRepairWithin: mustRepair,
    reliesOn: field(
      'references',
      'reliesOn',
      'sous traitants',
      'sous traitant',
      'relies on',
      'subcontractors',
      'depend de',
    ),
  },
  sites: {
    id,
    name: name('site', 'campus', 'etablissement'),
    nameEn: english,
    city: field('text', 'city', 'ville', 'commune', 'city', 'town'),
  },
  teams: {
    id,
    name: name('equipe', 'team', 'groupe'),
    nameEn: english,
    phone,
    onCall: field('text', 'onCall', 'astreinte', 'on call', 'telephone astreinte', 'qui est d astreinte'),
  },
  contracts: {
    id,
    name: name('contrat', 'contract', 'objet', 'objet du contrat'),
    nameEn: english,
    supplier: field(
      'reference',
      'supplier',
      'fournisseur',
      'societe',
      'prestataire',
      'titulaire',
      'supplier',
      'vendor',
    ),
    number: field(
      'text',
      'number',
      'numero',
      'numero de contrat',
      'contract number',
      'numero du contrat',
      'n de contrat',
      'n',
    ),
    covers: field('references', 'covers', 'couvre', 'perimetre', 'composants', 'applications', 'covers', 'scope'),
    from: field('date', 'from', 'debut', 'date de debut', 'from', 'start', 'start date', 'depuis'),
    until: field('date', 'until', 'fin', 'date de fin', 'echeance', 'until', 'end', 'end date', 'jusqu au'),
    hours: field('text', 'hours', 'horaires', 'plage horaire', 'hours', 'couverture', 'hours of service'),
    mustAnswerWithin: mustAnswer,
    mustRepairWithin: mustRepair,
  },
} as const satisfies { [table in ImportedSection]: { readonly [field: string]: Field } };

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

export const fieldsOf = (table: TableName): { readonly [field: string]: Field } => tables[table];

/** Units people write beside a heading: `RTO (min)`, `DMIA en heures`. */
const units: readonly (readonly [RegExp, string])[] = [
  [/\b(?:s|sec|secondes?|seconds?)$/, 's'],
  [/\b(?:min|mn|minutes?)$/, 'min'],
  [/\b(?:h|heures?|hours?)$/, 'h'],
  [/\b(?:j|d|jours?|days?)$/, 'd'],
];

/** The field a heading means in a table, with the unit it names: `mtpd`, `mtpd:h`; undefined: none that is known. */
export function guessed(table: TableName, heading: string): string | undefined {
  const said = sameName(heading);
  if (said === '') return undefined;
  const [unitPattern, unit] = units.find(([pattern]) => pattern.test(said)) ?? [];
  const bare =
    unitPattern === undefined
      ? said
      : said
          .replace(unitPattern, '')
          .replace(/\b(?:en|in)\s*$/, '')
          .trim();
  const byHeading = headingsOf(table);
  const whole = byHeading.get(said);
  if (whole !== undefined) return whole;
  const found = byHeading.get(bare);
  if (found === undefined) return undefined;
  return fieldsOf(table)[found]?.cell === 'duration' && unit !== undefined ? `${found}:${unit}` : found;
}

const headings = new Map<TableName, ReadonlyMap<string, string>>();

function headingsOf(table: TableName): ReadonlyMap<string, string> {
  const known = headings.get(table);
  if (known !== undefined) return known;
  const made = new Map<string, string>();
  for (const [name, { headings: said }] of Object.entries(fieldsOf(table))) {
    for (const one of [name, ...said]) if (!made.has(sameName(one))) made.set(sameName(one), name);
  }
  headings.set(table, made);
  return made;
}
