import type { Text } from './language.ts';

/** Every verb, by the words after `reflexe`, in the order help lists them; its file is named in verbs.ts. */
export const summaries = {
  start: { fr: 'démarre Reflexe et affiche son adresse', en: 'start Reflexe and print its address' },
  drill: {
    fr: 'sauve un hôpital miniature réellement attaqué (dépôt de sources)',
    en: 'save a miniature hospital that is really attacked (checkout)',
  },
  'journal verify': {
    fr: 'vérifie qu’un journal est intact',
    en: 'verify that a journal is whole',
  },
  'journal code': {
    fr: 'donne le code à imprimer de l’état d’un journal',
    en: "give the code to print of a journal's state",
  },
  'journal export': {
    fr: 'écrit un export signé d’un journal',
    en: 'write a signed export of a journal',
  },
  'journal checkpoint': {
    fr: 'fait contresigner un journal par un autre site, par fichiers',
    en: 'have a journal countersigned by another site, by files',
  },
  'journal countersign': {
    fr: 'contresigne le journal d’un autre site, ou dit ce qui le fut',
    en: "countersign another site's journal, or say what was",
  },
  'access first-link': {
    fr: 'fait un nouveau lien à usage unique pour un administrateur',
    en: 'make a new one-time link for an administrator',
  },
  'keys status': {
    fr: 'dit ce qui ouvre les données, et si elles le sont',
    en: 'say what opens the data, and whether it is open',
  },
  'keys add': { fr: 'ajoute de quoi ouvrir les données', en: 'add something that opens the data' },
  'keys remove': { fr: 'retire de quoi les ouvrir', en: 'remove something that opens it' },
  'keys rotate': {
    fr: 'change la clé maîtresse et tout ce qui l’ouvre',
    en: 'change the master key and all that opens it',
  },
  'keys unlock': { fr: 'ouvre les données d’un Reflexe qui attend', en: 'open the data of a Reflexe that waits' },
  'keys shares': { fr: 'vérifie des parts lues au téléphone', en: 'check shares read over the telephone' },
  'secret set': { fr: 'garde un secret, lu sur l’entrée standard', en: 'keep a secret, read from standard input' },
  'secret list': { fr: 'nomme les secrets, sans leurs valeurs', en: 'name the secrets, without their values' },
  'secret remove': { fr: 'efface un secret', en: 'erase a secret' },
  'map check': {
    fr: 'lit une carte et dit tout ce qui n’y va pas',
    en: 'read a map and say all that is wrong with it',
  },
  'map impact': { fr: 'dit ce qu’une perte fait aux soins', en: 'say what a loss does to care' },
  'map weak-points': {
    fr: 'dit quelle panne, seule ou avec d’autres, fait tomber les soins',
    en: 'say which failure, alone or with others, takes care down',
  },
  'map returns': {
    fr: 'dit quand les soins pourraient revenir, et ce qui est promis',
    en: 'say when care could be back, beside what is promised',
  },
  'map import': {
    fr: 'montre ce qu’un autre outil apporte à une carte, puis l’applique',
    en: 'show what another tool brings to a map, then apply it',
  },
  'map export': { fr: 'écrit une carte en YAML, toujours la même', en: 'write a map as YAML, always the same' },
  'restore snapshots': { fr: 'liste les nuits d’un dépôt de sauvegarde', en: 'list the nights of a backup repository' },
  'restore ls': { fr: 'regarde dans une nuit, sans rien restaurer', en: 'look inside one night, restoring nothing' },
  'restore verify': {
    fr: 'relit et vérifie tout un dépôt de sauvegarde',
    en: 'read and verify a whole backup repository',
  },
  'restore extract': { fr: 'extrait une nuit, chaque octet vérifié', en: 'extract one night, every byte verified' },
  'restore clean-point': {
    fr: 'cherche la dernière nuit sans signe connu',
    en: 'look for the last night with no known sign',
  },
  'restore prove': {
    fr: 'restaure un composant pour essai, et dit s’il est revenu',
    en: 'restore a component to try it, and say whether it came back',
  },
  'restore preflight': {
    fr: 'dit ce qui manque à cette machine pour restaurer',
    en: 'say what this machine lacks to restore',
  },
  'plan check': {
    fr: 'lit des plans et dit tout ce qui n’y va pas',
    en: 'read plans and say all that is wrong with them',
  },
  'detect try': { fr: 'essaie un contrôle, une fois', en: 'try one check, once' },
  'detect power': { fr: 'lit les onduleurs d’un serveur NUT', en: 'read the power devices of a NUT server' },
  'certificates show': {
    fr: 'montre l’autorité à installer, et les certificats émis',
    en: 'show the authority to install, and the certificates issued',
  },
  'certificates issue': {
    fr: 'émet le certificat d’un site ou d’un coffret',
    en: 'issue the certificate of a site or a box',
  },
  'certificates renew': { fr: 'renouvelle le certificat de ce Reflexe', en: 'renew the certificate of this Reflexe' },
  'certificates revoke': { fr: 'révoque un certificat, pour de bon', en: 'revoke a certificate, for good' },
  bundle: {
    fr: 'emballe Reflexe pour une machine sans réseau',
    en: 'bundle Reflexe for a machine without a network',
  },
  update: {
    fr: 'installe une version signée, ou revient à la précédente',
    en: 'install a signed version, or go back to the former one',
  },
} satisfies { [path: string]: Text };

export type VerbPath = keyof typeof summaries;

/** The commands that only gather verbs. */
export const groups: { [name: string]: Text } = {
  journal: { fr: 'le journal : ce qui s’est passé, scellé', en: 'the journal: what happened, sealed' },
  access: { fr: 'les accès : qui entre, et comment', en: 'access: who enters, and how' },
  keys: { fr: 'les clés : ce qui ouvre les données', en: 'the keys: what opens the data' },
  secret: { fr: 'les secrets, par leur nom', en: 'secrets, by name' },
  map: { fr: 'la carte : ce dont les soins dépendent', en: 'the map: what care depends on' },
  detect: { fr: 'la détection : ce qui tombe, ce qui va tomber', en: 'detection: what fails, what will' },
  restore: {
    fr: 'la restauration : ce qui revient, dans quel ordre',
    en: 'restoration: what comes back, in which order',
  },
  care: { fr: 'la continuité des soins', en: 'continuity of care' },
  certificates: { fr: 'les certificats : qui est au bout du fil', en: 'certificates: who is at the other end' },
  plan: { fr: 'les plans d’action', en: 'action plans' },
};
