import type { CheckCode } from '../../detect/codes.ts';
import type { ComponentState } from '../../map/model.ts';

const many = (count: number, one: string, several: string) => (count === 1 ? one : several);

/** What the map says of a ward's state, beside what checks say of a component. */
type Because =
  | CheckCode
  | `component-${ComponentState}`
  | 'needs-met'
  | 'needs-partly-met'
  | 'needs-lost'
  | 'needs-unknown'
  | 'ward-says-broken'
  | 'ward-says-works'
  | 'access-not-tested'
  | 'hold-confirmed'
  | 'hold-expired'
  | 'hold-given-up'
  | 'no-word-yet'
  | 'decided-diverted'
  | 'decided-reduced'
  | 'released'
  | 'outside-calendar'
  | 'content-encrypted'
  | 'ransom-note'
  | 'mass-rename'
  | 'backup-anomaly';

/** A care function on a ward: its states, what each means, and what established it. */
export const care = {
  states: {
    served: 'Servie',
    partly: 'Servie en partie',
    held: 'Tenue',
    toConfirm: 'À confirmer',
    gap: 'Rupture',
    diverted: 'Réorientée',
    catchingUp: 'Rattrapage',
    unknown: 'Inconnue',
    notNeeded: 'Non requise',
  },
  meanings: {
    served: 'Les systèmes répondent et un point d’accès du service a été essayé.',
    partly: 'Une partie de ce qu’il faut est là.',
    held: 'Un mode dégradé la remplace, confirmé par une personne du service.',
    toConfirm: 'Perdue, et le service n’a encore rien dit : compte comme rupture possible.',
    gap: 'Ni servie, ni tenue.',
    diverted: 'Fermée, transférée ou réduite par décision, avec une heure de réexamen.',
    catchingUp: 'Rouverte ; des dossiers restent à rapprocher.',
    unknown: 'Non observée : compte à part, jamais comme servie.',
    notNeeded: 'Personne n’en a besoin à cette heure.',
  },
  counted: (state: string, count: number): string =>
    ({
      served: many(count, 'servie', 'servies'),
      partly: 'en partie',
      held: many(count, 'tenue', 'tenues'),
      toConfirm: 'à confirmer',
      gap: many(count, 'en rupture', 'en rupture'),
      diverted: many(count, 'réorientée', 'réorientées'),
      catchingUp: 'en rattrapage',
      unknown: many(count, 'inconnue', 'inconnues'),
      notNeeded: many(count, 'non requise', 'non requises'),
    })[state] ?? state,
  because: {
    'needs-met': 'ses systèmes répondent',
    'needs-partly-met': 'une partie de ses systèmes répond',
    'needs-lost': 'ses systèmes ne répondent plus',
    'needs-unknown': 'ses systèmes ne sont pas observés',
    'component-down': 'en panne',
    'component-degraded': 'fonctionne mal',
    'component-unknown': 'état inconnu',
    'component-isolated': 'isolé du reste du réseau',
    'component-restoring': 'en cours de restauration',
    'ward-says-broken': 'le service dit que cela ne marche pas',
    'ward-says-works': 'le service dit que cela marche',
    'access-not-tested': 'aucun point d’accès du service n’a été essayé',
    'hold-confirmed': 'mode dégradé confirmé par le service',
    'hold-expired': 'la confirmation du mode dégradé a expiré',
    'hold-given-up': 'le service ne tient plus',
    'no-word-yet': 'le service n’a encore rien dit',
    'decided-diverted': 'réorientée par décision',
    'decided-reduced': 'activité réduite par décision',
    released: 'rouverte depuis la salle blanche',
    'outside-calendar': 'hors des heures où elle est requise',
    'tcp-refused': 'connexion refusée',
    'tcp-timeout': 'ne répond plus',
    'host-unreachable': 'injoignable sur le réseau',
    'name-not-found': 'nom introuvable sur le réseau',
    'tls-expired': 'certificat expiré',
    'tls-failed': 'connexion chiffrée impossible',
    'http-status': 'répond par une erreur',
    'http-body': 'répond autre chose que prévu',
    'fhir-version': 'répond dans une autre version de FHIR',
    'canary-altered': 'fichier témoin altéré : des données sont peut-être en train d’être détruites',
    'canary-missing': 'fichier témoin disparu',
    'content-encrypted': 'contenu devenu illisible',
    'ransom-note': 'demande de rançon trouvée',
    'mass-rename': 'fichiers renommés en masse',
    'backup-anomaly': 'sauvegarde anormale',
    'backup-unreachable': 'sauvegarde injoignable',
    'ups-on-battery': 'onduleur sur batterie',
    'ups-low-battery': 'batterie d’onduleur presque vide',
    'no-observation': 'plus aucune observation',
    'not-yet-observed': 'pas encore observé',
    'component-up': 'fonctionne',
    ok: 'répond',
    timeout: 'ne répond pas à temps',
    stopped: 'contrôle interrompu',
    slow: 'répond trop lentement',
    'check-error': 'le contrôle lui-même a échoué',
    'means-missing': 'un outil du contrôle manque',
    'tcp-reset': 'coupe la connexion',
    'network-failed': 'échec du réseau',
    'tls-not-yet-valid': 'certificat pas encore valable',
    'tls-wrong-name': 'certificat d’un autre nom',
    'tls-untrusted': 'certificat non reconnu',
    'certificate-ends-soon': 'certificat bientôt expiré',
    'fhir-status': 'répond par une erreur FHIR',
    'fhir-not-the-resource': 'répond autre chose que la ressource demandée',
    'fhir-count': 'compte moins de ressources que prévu',
    'sql-not-let-in': 'la base refuse l’accès',
    'sql-no-database': 'la base n’existe pas',
    'sql-no-resources': 'la base manque de ressources',
    'sql-not-ready': 'la base n’est pas prête',
    'sql-read-only': 'la base est en lecture seule',
    'sql-query-invalid': 'la question posée à la base est invalide',
    'sql-failed': 'la base a échoué à répondre',
    'sql-count': 'la base compte moins que prévu',
    'hl7-no-acknowledgement': 'n’accuse pas réception',
    'hl7-other-message': 'accuse réception d’un autre message',
    'hl7-refused': 'refuse le message',
    'dicom-rejected': 'refuse l’association DICOM',
    'dicom-status': 'répond par une erreur DICOM',
    'ups-off': 'onduleur éteint',
    'ups-on-bypass': 'onduleur en dérivation',
    'ups-replace-battery': 'batterie d’onduleur à remplacer',
    'ups-battery-not-charged': 'batterie d’onduleur peu chargée',
    'ups-runtime': 'autonomie d’onduleur trop courte',
    'ups-charge': 'charge de batterie trop basse',
    'ups-load': 'onduleur trop chargé',
    'ups-temperature': 'onduleur trop chaud',
    'ups-source-unknown': 'source de l’onduleur inconnue',
    'nut-unknown-device': 'onduleur inconnu du serveur NUT',
    'nut-stale': 'mesures d’onduleur périmées',
    'nut-driver-stopped': 'pilote d’onduleur arrêté',
    'nut-refused': 'le serveur NUT refuse',
    'canary-renamed': 'fichier témoin renommé',
    'canary-unreadable': 'fichier témoin illisible',
    'canary-folder-absent': 'dossier des fichiers témoins absent',
    'canary-folder-unreadable': 'dossier des fichiers témoins illisible',
    'canary-record-unreadable': 'relevé des fichiers témoins illisible',
    'backup-mass-change': 'sauvegarde : changements en masse',
    'backup-mass-removal': 'sauvegarde : suppressions en masse',
    'backup-shrunk': 'sauvegarde anormalement réduite',
    'backup-grown': 'sauvegarde anormalement grosse',
    'backup-missing-night': 'une nuit de sauvegarde manque',
    'backup-none': 'aucune sauvegarde',
    'backup-damaged': 'sauvegarde abîmée',
    'backup-wrong-password': 'mot de passe de la sauvegarde refusé',
    'backup-source-unknown': 'source de sauvegarde inconnue',
    'backup-tool-missing': 'outil de lecture de la sauvegarde absent',
    'secret-missing': 'secret introuvable',
    'secret-too-open': 'secret lisible par d’autres',
    'file-unreadable': 'fichier illisible',
    'restoration-unknown': 'restauration sans résultat connu',
    'restoration-restoring': 'en cours de restauration',
    'restoration-up': 'restauré et vérifié',
  } satisfies { [code in Because]: string },
  becauseOther: (code: string) => `signalé par « ${code} »`,
};
