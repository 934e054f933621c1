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
  'access-store-missing': {
    what: 'Il n’y a encore personne ici.',
    cure: 'Démarrez Reflexe une fois sur ce dossier : reflexe start --data',
  },
  'access-store-newer': {
    what: 'Les personnes et les sessions ont été écrites par un Reflexe plus récent.',
    cure: 'Installez la version la plus récente ; celle-ci n’y touche pas.',
  },
  'access-store-older': {
    what: 'Les personnes et les sessions ont été écrites par un Reflexe plus ancien.',
    cure: 'Démarrez Reflexe une fois : il les met à jour.',
  },
  'access-store-unreadable': {
    what: 'Les personnes et les sessions ne peuvent pas être lues ou écrites.',
    cure: 'Regardez le disque et les droits du dossier de données.',
  },
  'address-unreadable': { what: 'Ceci n’est pas une adresse.', cure: 'Écrivez-la comme dans l’exemple de --help.' },
  'body-encoded': { what: 'Une demande compressée n’est pas lue.' },
  'body-not-json': { what: 'Les actes se demandent en JSON.' },
  'certificate-asked-unreadable': {
    what: 'Cette demande de certificat ne se comprend pas.',
    cure: 'Faites-la refaire, puis posez-la de nouveau.',
  },
  'certificate-expires-soon': {
    what: 'Le certificat de ce Reflexe expire bientôt ; les navigateurs le refuseront alors.',
    cure: 'Renouvelez-le : reflexe certificates --help',
  },
  'certificates-unreadable': {
    what: 'Les certificats de ce Reflexe n’ont pas pu être relus ; ceux d’avant servent encore.',
    cure: 'Regardez les fichiers nommés.',
  },
  'check-invalid': { what: 'Ce contrôle ne se comprend pas.', cure: 'Corrigez-le à l’endroit indiqué.' },
  'check-not-chosen': { what: 'Le fichier contient plusieurs contrôles.', cure: 'Nommez celui qui est à essayer.' },
  'check-unknown': { what: 'Le fichier ne contient aucun contrôle de ce nom.', cure: 'Nommez l’un des siens.' },
  'configuration-invalid': {
    what: 'La configuration de cet établissement ne peut pas servir telle quelle.',
    cure: 'Corrigez les endroits indiqués, puis recommencez. `reflexe map check` montre aussi ceux de la carte.',
  },
  'restoration-not-described': {
    what: 'Rien ne dit comment cet établissement se restaure.',
    cure: 'Écrivez restore.yaml à côté de la carte (docs/restore.md), ou nommez le bon dossier par --config.',
  },
  'entry-not-found': { what: 'Ce journal n’a pas cette entrée.', cure: 'Demandez sa tête : reflexe journal verify' },
  'event-invalid': {
    what: 'Un évènement de ce journal n’est pas tel qu’il est déclaré.',
    cure: 'Le journal vient peut-être d’une autre version : vérifiez-le par reflexe journal verify',
  },
  'event-unreadable': {
    what: 'Un évènement de ce journal ne peut pas être lu.',
    cure: 'Vérifiez le journal : reflexe journal verify',
  },
  'explanation-not-here': {
    what: 'Un signe ne s’explique pas d’ici.',
    cure: 'Expliquez-le à l’écran des sauvegardes.',
  },
  'folder-not-empty': {
    what: 'Ce qui est restauré va dans un dossier vide, pour que rien ne soit écrasé.',
    cure: 'Nommez un autre dossier.',
  },
  'helper-folder-refused': {
    what: 'Le dossier du programme qui tient la salle blanche est refusé.',
    cure: 'Rendez-le à root seul, puis relancez.',
  },
  'helper-not-confined': {
    what: 'Sur cette machine, le programme qui tient la salle blanche ne peut pas renoncer à ce dont il n’a pas besoin.',
    cure: 'Regardez ce qui manque : reflexe restore preflight',
  },
  'helper-socket-refused': {
    what: 'Le programme qui tient la salle blanche ne peut pas écouter à cet endroit.',
    cure: 'Nommez une prise dans un dossier qui n’est qu’à lui.',
  },
  'invariant-broken': {
    what: 'Cet ordre n’a pas pu être décidé ; rien n’a été changé.',
    cure: 'Signalez-le avec le fichier de diagnostic.',
  },
  'journal-missing': {
    what: 'Le journal de ce dossier a disparu, alors que des entrées y étaient acquises.',
    cure: 'Ne recréez rien : remettez le dossier journal depuis sa copie, ou prévenez qui exploite Reflexe.',
  },
  'journal-not-found': { what: 'Il n’y a pas de journal ici.', cure: 'Nommez le dossier de données par --data.' },
  'journal-other-establishment': {
    what: 'C’est le journal d’un autre établissement.',
    cure: 'Nommez le dossier de données de celui-ci.',
  },
  'map-unreadable': { what: 'Il n’y a ni fichier ni dossier de ce nom.', cure: 'Vérifiez le chemin.' },
  'node-too-old': {
    what: 'Ce Node est trop ancien pour lire un journal dans son dossier.',
    cure: 'Exportez le journal là où il est, puis vérifiez le fichier : reflexe journal export',
  },
  'request-ambiguous': { what: 'Cette demande peut se lire de plusieurs façons : elle n’est pas lue.' },
  'result-refused': {
    what: 'Ce à quoi cette étape est arrivée n’a pas pu être noté.',
    cure: 'L’étape est reprise d’elle-même.',
  },
  'site-unknown': { what: 'Ce site n’est pas déclaré.', cure: 'Nommez l’un des sites de la configuration.' },
  'snmp-not-yet': {
    what: 'Les appareils électriques ne se lisent pas encore par SNMP.',
    cure: 'Passez par NUT, ou relevez-les à la main.',
  },
  usage: { what: 'Cette commande n’est pas complète, ou demande deux choses à la fois.' },
  unexpected: {
    what: 'Quelque chose d’imprévu est arrivé.',
    cure: 'Signalez-le avec la commande et ce qu’elle a dit.',
  },
  'file-unreadable': { what: 'Ce fichier ne peut pas être lu.', cure: 'Vérifiez le chemin et les droits.' },
  'component-unknown': {
    what: 'La carte n’a rien de ce nom. Rien n’a été calculé.',
    cure: 'Écrivez l’identifiant d’un composant, ou supplier:ID, site:ID pour tout ce qui en dépend.',
  },
  'canary-record-unreadable': {
    what: 'Le relevé des fichiers témoins posés ne peut pas être lu.',
    cure: 'Remettez-le depuis sa copie.',
  },
  'nut-unknown-device': {
    what: 'Le serveur NUT ne connaît pas cet appareil.',
    cure: 'Nommez l’un des siens : upsc -l',
  },
  'nut-stale': { what: 'Le pilote n’entend plus cet appareil.', cure: 'Vérifiez son câble, puis relancez le pilote.' },
  'nut-driver-stopped': { what: 'Le pilote de cet appareil ne tourne pas.', cure: 'Relancez-le sur le serveur NUT.' },
  'nut-refused': { what: 'Le serveur NUT refuse.', cure: 'Vérifiez l’utilisateur et son mot de passe sur ce serveur.' },
  'verdicts-unreadable': {
    what: 'Ce qui a été gardé des nuits regardées ne peut pas être lu.',
    cure: 'Nommez un autre fichier, ou effacez celui-ci : les nuits sont alors regardées de nouveau.',
  },
} satisfies { [code: string]: Told };
