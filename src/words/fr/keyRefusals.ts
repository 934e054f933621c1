/** What the keys refuse, for people at the command line: the interface never shows these. */
export const keyRefusals: { readonly [code: string]: { what: string; cure?: string } } = {
  'sealed-altered': {
    what: 'Ce qui est scellé ici ne s’ouvre pas : altéré, déplacé d’ailleurs, ou scellé sous une autre clé.',
    cure: 'Reprenez ce fichier et le dossier des clés d’une seule et même copie.',
  },
  'keyring-missing': {
    what: 'Ces données sont scellées et leur trousseau a disparu. Aucune nouvelle clé n’a été faite.',
    cure: 'Remettez keyring.json, pris d’une copie de ce dossier.',
  },
  'keyring-damaged': {
    what: 'Le trousseau de ces données ne peut pas être lu. Rien n’a été changé.',
    cure: 'Remettez keyring.json, pris d’une copie de ce dossier.',
  },
  'key-file-missing': {
    what: 'Le fichier de clé qui ouvre ces données n’est pas là, ou est celui d’un autre dossier.',
    cure: 'Remettez-le (mode 0600), ou ouvrez par une phrase secrète ou des parts : reflexe keys unlock.',
  },
  'key-file-too-open': {
    what: 'D’autres que son propriétaire peuvent lire le fichier de clé.',
    cure: 'Fermez-le (chmod 600), puis reflexe keys rotate si quelqu’un a pu le lire.',
  },
  'key-file-damaged': {
    what: 'Ce n’est pas un fichier de clé de Reflexe, ou il est abîmé.',
    cure: 'Remettez le bon, ou ouvrez par une phrase secrète ou des parts : reflexe keys unlock.',
  },
  'key-file-inside': {
    what: 'Un fichier de clé ne se met pas dans le dossier qu’il ouvre : qui copie l’un copierait l’autre.',
    cure: 'Choisissez un autre endroit : --key-file.',
  },
  'key-file-unwritable': {
    what: 'Le fichier de clé ne peut pas être écrit là.',
    cure: 'Choisissez un autre endroit, hors du dossier des données : --key-file.',
  },
  'keys-locked': {
    what: 'Ces données sont verrouillées : leur clé n’est pas en mémoire.',
    cure: 'Ouvrez-les d’abord : reflexe keys unlock.',
  },
  'keys-not-made': {
    what: 'Ce dossier n’a pas encore de clés.',
    cure: 'Nommez le bon dossier par --data, ou démarrez Reflexe.',
  },
  'keys-unwritable': {
    what: 'Les clés n’ont pas pu être écrites. Ce qui est scellé s’ouvre comme avant.',
    cure: 'Vérifiez le disque, puis recommencez.',
  },
  'keys-newer-format': { what: 'Ces clés ont été écrites par une version plus récente.', cure: 'Démarrez celle-ci.' },
  'keys-wrapped': { what: 'Ces clés sont scellées sous une clé maîtresse qui n’a pas été donnée.' },
  'unlock-wrong': {
    what: 'Cela n’ouvre pas ces données.',
    cure: 'Retapez ; attention au clavier et aux majuscules.',
  },
  'passphrase-too-short': {
    what: 'Cette phrase secrète est trop courte, ou démesurée.',
    cure: 'Douze caractères au moins : cinq ou six mots sans rapport. Gardez-la dans une enveloppe scellée.',
  },
  'passphrase-differs': { what: 'Les deux phrases ne sont pas les mêmes.', cure: 'Recommencez.' },
  'share-misread': {
    what: 'Une part n’a pas été tapée comme elle est imprimée ; la ligne et la lettre sont dites ci-dessous.',
    cure: 'Faites relire cette ligne, lettre par lettre : reflexe keys shares.',
  },
  'shares-too-few': { what: 'Une seule part n’ouvre rien : il en faut deux différentes.' },
  'shares-of-another-set': {
    what: 'Une de ces parts est d’un autre jeu, ou d’un jeu qu’une rotation a annulé.',
    cure: 'Demandez les parts les plus récentes.',
  },
  'protector-not-there': { what: 'Rien de cette sorte n’ouvre ces données.', cure: 'Voyez : reflexe keys status.' },
  'protector-unknown': { what: 'Aucun protecteur n’a cet identifiant.' },
  'protector-last': {
    what: 'Sans celui-ci, plus rien, ou la seule puce d’une machine, n’ouvrirait ces données.',
    cure: 'Ajoutez-en un autre d’abord : reflexe keys add passphrase, ou quorum.',
  },
  'rotation-abandoned': { what: 'Personne n’a reçu les nouvelles parts : la clé n’a pas été changée.' },
  'tpm-refused': {
    what: 'La puce TPM de cette machine n’a pas donné ce qui était demandé.',
    cure: 'Ouvrez par une phrase secrète ou des parts, puis refaites ce protecteur.',
  },
  'tpm-registers-unreadable': { what: 'Ce ne sont pas des registres de TPM.' },
  'hub-not-running': {
    what: 'Aucun Reflexe ne tourne sur ce dossier.',
    cure: 'Démarrez-le, ou nommez son dossier par --data.',
  },
  'hub-gone': { what: 'Reflexe s’est arrêté avant de répondre.', cure: 'Voyez l’état : reflexe keys status.' },
  'keys-request-unknown': {
    what: 'Le Reflexe qui tourne ne connaît pas cette demande : ce n’est pas la même version.',
  },
  'no-memory-file': {
    what: 'Aucun dossier gardé en mémoire n’est là pour confier un secret à un autre programme.',
    cure: 'Montez-en un : mount -t tmpfs tmpfs /dev/shm',
  },
  'secret-missing': {
    what: 'Aucun secret n’a ce nom.',
    cure: 'Donnez-le sur l’entrée standard : reflexe secret set NOM',
  },
  'secret-too-open': { what: 'D’autres que son propriétaire peuvent lire ce secret.', cure: 'chmod 600' },
  'secret-name-refused': { what: 'Ce n’est pas un nom de secret : minuscules, chiffres et tirets.' },
  'secret-value-refused': { what: 'Cette valeur est vide, ou trop longue pour un secret.' },
};
