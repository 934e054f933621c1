interface Told {
  what: string;
  cure?: string;
}

/**
 * Refusals that only the command line meets, in French: the seal of the journal, bundles and updates. Apart from the
 * interface's, which never needs them. In English a refusal says its own words.
 */
export const commandRefusals = {
  'anchor-unreadable': {
    what: 'Ceci n’est ni une tête de journal, ni un code imprimé.',
    cure: 'Relisez la feuille, groupe par groupe.',
  },
  'checkpoint-none': {
    what: 'Ce journal n’a encore rien de nouveau à faire contresigner.',
    cure: 'Rien n’est perdu : redemandez plus tard.',
  },
  'checkpoint-not-genuine': {
    what: 'Ce point de contrôle n’est pas signé par la clé qu’il nomme.',
    cure: 'Faites refaire le fichier : reflexe journal checkpoint --out',
  },
  'checkpoint-former-epoch': {
    what: 'Ce journal a déjà été repris : ce point de contrôle est d’une époque passée.',
    cure: 'Un Reflexe qui continue dans une époque passée doit être arrêté.',
  },
  'checkpoint-other-key': {
    what: 'Ce point de contrôle est signé par une autre clé que les précédents.',
    cure: 'Demandez par téléphone ce qui s’est passé : un journal rescellé par un intrus a exactement cet aspect.',
  },
  'checkpoint-not-higher': {
    what: 'Ce site a déjà contresigné une entrée plus récente de ce journal.',
    cure: 'Envoyez un point plus récent. Si le journal s’arrête vraiment là, sa fin est perdue : reprenez-le d’une copie.',
  },
  'countersign-own': { what: 'Un site ne contresigne pas son propre journal.' },
  'countersign-gap': {
    what: 'Le fichier ne montre pas que ce point prolonge le dernier contresigné.',
  },
  'countersign-proof-broken': {
    what: 'Les entrées de ce fichier ne mènent pas à son point de contrôle.',
    cure: 'Le fichier fut altéré ou abîmé en chemin : faites-le refaire.',
  },
  'countersign-no-key': { what: 'Ce site n’a pas de journal, ou pas de clé sous la main pour signer.' },
  'countersignature-not-genuine': {
    what: 'Cette contresignature n’est pas signée par les clés qu’elle nomme.',
    cure: 'Redemandez le fichier à l’autre site.',
  },
  'countersignature-other-journal': {
    what: 'Ce journal ne contient pas ce que l’autre site a contresigné.',
    cure: 'Vérifiez le dossier. Si c’est le bon, ce journal fut altéré : reflexe journal verify.',
  },
  'countersignatures-damaged': {
    what: 'Le fichier des contresignatures reçues est abîmé.',
    cure: 'Reprenez-le d’une copie, ou faites contresigner de nouveau.',
  },
  'exchange-file-unreadable': {
    what: 'Ce fichier d’échange ne peut être lu.',
    cure: 'Vérifiez que c’est le bon, et qu’il fut copié en entier.',
  },
  'export-unreadable': {
    what: 'Cet export ne peut être lu.',
    cure: 'Vérifiez le chemin, et que le fichier fut copié en entier.',
  },
  'export-empty': { what: 'Il n’y a aucune entrée à exporter là.' },
  'export-not-whole': {
    what: 'Ce journal n’est pas intact : il n’est pas exporté.',
    cure: 'Lancez reflexe journal verify. Ce qui précède l’anomalie peut être exporté avec --to.',
  },
  'seal-key-absent': {
    what: 'La clé qui scelle ce journal n’est pas sous la main.',
    cure: 'Lancez ceci sur la machine de Reflexe, avec le compte qui le fait tourner.',
  },
  'bundle-refused': {
    what: 'Ce paquet est refusé : ce n’est pas celui qui fut signé.',
    cure: 'N’insistez pas. Reprenez le paquet à sa source et comparez son SHA-256 avec celui publié.',
  },
  'bundle-incomplete': { what: 'Il manque un fichier pour faire le paquet.' },
  'bundle-not-as-locked': {
    what: 'Les bibliothèques installées ne sont pas celles du fichier package-lock.json.',
    cure: 'Lancez npm ci --ignore-scripts, puis recommencez.',
  },
  'bundle-no-node': { what: 'Il n’y a pas de Node à mettre dans le paquet.', cure: 'Lancez npm ci --ignore-scripts.' },
  'bundle-not-built': { what: 'La construction a échoué ; son propre message est au-dessus.' },
  'sign-key-unreadable': { what: 'La clé qui doit signer ne peut être lue.' },
  'update-key-unreadable': {
    what: 'La clé qui vérifie les mises à jour ne peut être lue.',
    cure: 'Reprenez-la du premier paquet de cette installation, ou de qui vous l’a remis.',
  },
  'update-older': {
    what: 'Ce paquet est plus ancien que la version installée.',
    cure: 'Une ancienne version peut avoir des failles connues. Si vous la voulez malgré tout : --older',
  },
  'update-other-platform': { what: 'Ce paquet est pour une autre sorte de machine.' },
  'update-no-space': {
    what: 'Il n’y a pas la place pour cette version.',
    cure: 'Libérez de la place, puis recommencez.',
  },
  'update-cannot-read-journal': {
    what: 'Cette version ne saurait pas lire tout le journal.',
    cure: 'Installez une version plus récente. Pour seulement lire le journal : --read-only',
  },
  'update-in-progress': { what: 'Une autre mise à jour est en cours.' },
  'update-failed': {
    what: 'La mise à jour n’a pu se faire ; la version en place l’est toujours.',
    cure: 'Vérifiez le disque et les droits sur ce dossier (lancez-la en root), puis recommencez.',
  },
  'version-exists': { what: 'Cette version est déjà installée, avec un autre contenu.' },
  'version-damaged': {
    what: 'La version installée n’est plus celle qui fut signée.',
    cure: 'Quelqu’un ou quelque chose l’a changée : cherchez. Puis ôtez ce dossier et réinstallez le paquet.',
  },
  'rollback-nothing': {
    what: 'Il n’y a pas de version précédente où revenir.',
    cure: 'Installez le paquet de la version voulue : reflexe update FICHIER --older',
  },
  'rules-unreadable': {
    what: 'Les règles ne peuvent être lues.',
    cure: 'Nommez un fichier de règles YARA, ou un dossier qui en contient (.yar, .yara).',
  },
  'canaries-unreadable': {
    what: 'Les empreintes des fichiers canaris ne peuvent être lues.',
    cure: 'Faites le fichier avec sha256sum, depuis le dossier sauvegardé.',
  },
  'scanner-failed': {
    what: 'Le processus qui examine les contenus n’a pu démarrer ; rien n’a été examiné.',
    cure: 'Essayez avec moins de fichiers de règles : l’un d’eux demande peut-être trop de mémoire ou de temps.',
  },
  'date-unreadable': {
    what: 'Cette date ne se comprend pas.',
    cure: 'Écrivez-la ainsi : 2026-03-15, ou 2026-03-15T22:00:00+01:00',
  },
  'snapshot-unknown': {
    what: 'Aucune sauvegarde ne porte ce nom, ou plusieurs le portent.',
    cure: 'Nommez l’une de celles que montre : reflexe restore snapshots',
  },
  'path-unknown': {
    what: 'Cette sauvegarde ne contient rien de ce nom.',
    cure: 'Regardez ce qu’elle contient : reflexe restore ls',
  },
  'openpsa-unreadable': {
    what: 'Ce fichier n’est pas un arbre de défaillances au format Open-PSA, ou quelque chose y est faux.',
    cure: 'Corrigez-le à l’endroit indiqué.',
  },
  'openpsa-too-large': { what: 'Ce fichier est plus grand que ce qui est lu.' },
  'openpsa-duplicate': {
    what: 'Un nom y est défini deux fois.',
    cure: 'Gardez l’une des deux définitions.',
  },
  'openpsa-cycle': {
    what: 'Une porte s’utilise elle-même.',
    cure: 'Coupez l’un des liens nommés.',
  },
} satisfies { [code: string]: Told };
