import { durationSeconds } from '../../../map/document/duration.ts';
import { sameName } from '../../../map/import/names.ts';
import type { ComponentKind, Need } from '../../../map/model.ts';
import { line } from '../text.ts';

/** Words people use for each kind of component, singular, in French and English. */
const kindWords: { readonly [kind in ComponentKind]: readonly string[] } = {
  application: ['application', 'appli', 'logiciel', 'software', 'app', 'progiciel', 'saas'],
  service: [
    'service',
    'service technique',
    'automate',
    'middleware',
    'pare feu',
    'firewall',
    'dns',
    'dhcp',
    'messagerie',
    'mail',
  ],
  server: [
    'serveur',
    'server',
    'serveur physique',
    'physical server',
    'hyperviseur',
    'hypervisor',
    'hote',
    'host',
    'lame',
    'blade',
    'cluster',
    'grappe',
  ],
  virtualMachine: [
    'machine virtuelle',
    'virtual machine',
    'vm',
    'serveur virtuel',
    'virtual server',
    'serveur logique',
    'logical server',
    'conteneur',
    'container',
  ],
  database: ['base de donnees', 'base', 'bdd', 'database', 'db', 'sgbd', 'instance'],
  storage: ['stockage', 'storage', 'baie de stockage', 'storage array', 'nas', 'san', 'baie de disques', 'archive'],
  networkLink: [
    'reseau',
    'network',
    'lien',
    'link',
    'lien reseau',
    'network link',
    'commutateur',
    'switch',
    'routeur',
    'router',
    'fibre',
    'liaison',
    'wan',
    'lan',
    'wifi',
    'borne wifi',
  ],
  powerFeed: [
    'arrivee electrique',
    'alimentation',
    'power feed',
    'depart electrique',
    'arrivee edf',
    'transformateur',
    'tgbt',
    'tableau electrique',
    'power panel',
    'power',
  ],
  transferSwitch: ['inverseur', 'inverseur de sources', 'transfer switch', 'ats', 'sts'],
  generator: ['groupe electrogene', 'generator', 'groupe', 'genset'],
  ups: ['onduleur', 'ups', 'asi'],
  pdu: ['pdu', 'bandeau', 'bandeau de prises', 'distribution', 'rampe de prises', 'power strip'],
  accessPoint: ['point d acces', 'access point', 'poste d unite', 'terminal'],
  directory: ['annuaire', 'directory', 'active directory', 'ad', 'ldap', 'controleur de domaine', 'domain controller'],
  integrationEngine: ['eai', 'moteur d integration', 'integration engine', 'bus', 'interface', 'esb'],
  telephony: ['telephonie', 'telephony', 'autocommutateur', 'pabx', 'ipbx', 'telephone', 'standard'],
  hosting: [
    'hebergement',
    'hosting',
    'centre de donnees',
    'data center',
    'datacenter',
    'hebergeur',
    'salle d hebergement',
    'cloud',
  ],
  workstation: [
    'poste de travail',
    'poste',
    'workstation',
    'pc',
    'ordinateur',
    'computer',
    'portable',
    'laptop',
    'station',
  ],
  environment: [
    'salle',
    'salle informatique',
    'local technique',
    'climatisation',
    'cooling',
    'room',
    'baie',
    'rack',
    'froid',
    'environnement',
    'batiment',
    'building',
  ],
};
const kinds = new Map<string, ComponentKind>();
for (const [kind, words] of Object.entries(kindWords) as [ComponentKind, readonly string[]][]) {
  for (const word of [sameName(kind), kind.toLowerCase(), ...words]) kinds.set(word, kind);
}

/** The kind a word names, singular or plural; undefined: none. */
export function kindOf(text: string): ComponentKind | undefined {
  const said = sameName(text);
  const singular = said
    .split(' ')
    .map((word) => word.replace(/^(.{2,}[^s])s$/, '$1'))
    .join(' ');
  return kinds.get(said) ?? kinds.get(singular);
}

/** `4 h`, `30 mn`, `2 jours`, `1h30`, `01:30`, or a number in the unit of its column; undefined: no duration. */
export function secondsOf(text: string, unit: string | undefined): number | undefined {
  const said = sameName(text.replace(',', '.').replace(/(\d)\.(\d)/g, '$1p$2')).replace(/(\d)p(\d)/g, '$1.$2');
  const clock = /^(\d{1,3}) (\d\d)(?: (\d\d))?$/.exec(said);
  if (clock !== null && text.includes(':')) {
    const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
    return hours * 3600 + minutes * 60 + seconds;
  }
  if (/^\d+(?:\.\d+)?$/.test(said))
    return unit === undefined ? (Number(said) === 0 ? 0 : undefined) : durationSeconds(`${said}${unit}`);
  const short = said
    .replace(/\b(?:heures?|hours?|hrs?)\b|(?<=\d)(?:heures?|hours?|hrs?)/g, 'h')
    .replace(/(?:minutes?|mns?|mins?)\b/g, 'min')
    .replace(/(?:secondes?|seconds?|secs?)\b/g, 's')
    .replace(/(?:jours?|days?)\b/g, 'd')
    .replace(/(?:semaines?|weeks?)\b/g, 'w')
    .replace(/\b(?:et|and)\b/g, '')
    .replace(/(\d+(?:\.\d+)?)\s*w/g, (_, count) => `${Number(count) * 7}d`)
    .replace(/h\s*(\d{1,2})$/, 'h$1min')
    .replace(/\s+/g, '');
  return durationSeconds(short);
}

/** `1`, `Rang 2`, `vital`: 1 is the most vital. */
export function tierOf(text: string): 1 | 2 | 3 | undefined {
  const said = sameName(text);
  const digit = /^(?:[a-z]+ )*([123])$/.exec(said)?.[1];
  if (digit !== undefined) return digit === '1' ? 1 : digit === '2' ? 2 : 3;
  if (/^(?:vitale?|critique|critical|tres forte?|very high)$/.test(said)) return 1;
  if (/^(?:important|importante|essentiel|essentielle|forte?|high)$/.test(said)) return 2;
  if (/^(?:normal|normale|standard|faible|moyenne?|low|medium)$/.test(said)) return 3;
  return undefined;
}

/** `31/12/2026`, `2026-12-31`: as YYYY-MM-DD; undefined: no date. French order, day first. */
export function dateOf(text: string): string | undefined {
  const said = text.trim();
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?$/.exec(said);
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(said);
  const [year = '', month = '', day = ''] = iso?.slice(1) ?? french?.slice(1).reverse() ?? [];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : date;
}

/** Names in one cell: separated by commas, semicolons, or lines. */
export const listOf = (text: string): string[] => text.split(/[,;\n]/).flatMap((part) => line(part) || []);

/** `A, B` needs both; `A | B` and `A ou B` need one of the two. Names are left as written, to be looked up. */
export function needOf(text: string): Need | undefined {
  const parts = listOf(text).map((part): Need => {
    const choices = part.split(/\s*\|\s*|\s+(?:ou|or)\s+/i).flatMap((choice) => choice.trim() || []);
    const [first = part] = choices;
    return choices.length > 1 ? { any: choices.map((need) => ({ need })) } : { need: first };
  });
  const [first] = parts;
  return parts.length > 1 ? { all: parts } : first;
}
