interface Told {
  what: string;
  cure?: string;
}

/** What was refused and what to do, in the reader's language; a code that is not here shows the server's own words. */
export const refusals = {
  unreachable: {
    what: 'Reflexe ne répond pas.',
    cure: 'Vérifiez le réseau de ce poste ; rien de ce qui était acquis n’est perdu.',
  },
  'interface-broken': {
    what: 'L’écran a rencontré une erreur inattendue.',
    cure: 'Rechargez la page ; rien de ce qui était acquis n’est perdu.',
  },
  internal: {
    what: 'Reflexe a échoué de façon inattendue. L’acte a pu être fait ou non.',
    cure: 'Regardez l’état avant de recommencer, et donnez le numéro ci-dessus à qui exploite Reflexe.',
  },
  'signed-out': { what: 'Cette session est terminée.', cure: 'Connectez-vous de nouveau.' },
  'second-factor-needed': {
    what: 'Sur ce réseau, un mot de passe seul n’ouvre rien.',
    cure: 'Ajoutez une clé d’accès ou une application d’authentification à votre compte : tout s’ouvre ensuite.',
  },
  'proof-too-old': {
    what: 'Cet acte demande de prouver à nouveau qui vous êtes. Rien n’a été changé.',
    cure: 'Prouvez-le, puis recommencez.',
  },
  'rights-changed': {
    what: 'Vos droits ont changé depuis l’ouverture de cet écran.',
    cure: 'Rechargez la page : elle montre ce que vous pouvez voir maintenant.',
  },
  'approval-not-open': {
    what: 'Plus rien n’attend votre accord sous ce numéro.',
    cure: 'Regardez la liste : un collègue a répondu, la demande a été retirée, ou son heure est passée.',
  },
  'approval-same-person': {
    what: 'La seconde personne doit être quelqu’un d’autre que celle qui demande.',
    cure: 'Demandez à un collègue habilité : sur son propre écran, ou par téléphone avec son code.',
  },
  'approval-own-nominee': {
    what: 'Cette personne doit ses droits, depuis moins d’un jour, à celle qui demande.',
    cure: 'Demandez à quelqu’un dont les droits viennent d’un autre, ou datent de plus d’un jour.',
  },
  'too-many-approvals': {
    what: 'Trop d’actes attendent une seconde personne.',
    cure: 'Répondez à quelques-uns, ou retirez-les.',
  },
  'first-sign-in': {
    what: 'Personne n’a encore de compte.',
    cure: 'Ouvrez le lien à usage unique que Reflexe a affiché à son démarrage.',
  },
  'sign-in-refused': {
    what: 'Ce nom et ce mot de passe ne vont pas ensemble.',
    cure: 'Vérifiez les majuscules, puis réessayez.',
  },
  'first-link-not-valid': {
    what: 'Ce lien a déjà servi ou a expiré.',
    cure: 'Connectez-vous, ou relancez Reflexe : il affiche un nouveau lien tant que personne n’a de compte.',
  },
  'name-taken': { what: 'Ce nom de connexion est déjà pris.', cure: 'Choisissez-en un autre.' },
  'password-too-short': {
    what: 'Ce mot de passe est trop court.',
    cure: 'Allongez-le : une phrase de quatre mots suffit.',
  },
  'password-too-long': { what: 'Ce mot de passe est trop long.', cure: 'Raccourcissez-le.' },
  'password-common': {
    what: 'Ce mot de passe est parmi les premiers qu’un attaquant essaie.',
    cure: 'Choisissez une phrase à vous.',
  },
  'too-many-attempts': { what: 'Trop d’essais de suite.', cure: 'Attendez un peu, puis réessayez.' },
  'too-many-requests': { what: 'Trop de demandes à la fois.', cure: 'Attendez quelques secondes.' },
  'too-many-feeds': {
    what: 'Trop d’écrans suivent Reflexe en même temps.',
    cure: 'Fermez-en un, puis rechargez celui-ci.',
  },
  'not-allowed': {
    what: 'Vos droits ne permettent pas cet acte.',
    cure: 'Demandez-le à une personne de la cellule de crise.',
  },
  'not-found': { what: 'Cela n’existe pas, ou plus.', cure: 'Revenez au Tableau.' },
  'act-forged': { what: 'Cette demande ne vient pas de cet écran : elle est refusée.', cure: 'Rechargez la page.' },
  'host-unknown': {
    what: 'Reflexe ne répond pas sous cette adresse.',
    cure: 'Utilisez l’adresse affichée à son démarrage.',
  },
  'changed-since-you-looked': {
    what: 'Cela a changé pendant que vous regardiez. Rien n’a été fait.',
    cure: 'Relisez l’écran, puis décidez de nouveau.',
  },
  busy: { what: 'Reflexe est trop sollicité.', cure: 'Réessayez dans quelques secondes.' },
  'journal-busy': { what: 'Le journal est trop sollicité.', cure: 'Réessayez dans quelques secondes.' },
  'journal-unavailable': {
    what: 'Le journal ne peut pas être écrit : rien n’a été enregistré.',
    cure: 'Prévenez qui exploite Reflexe : disque plein ou refusé.',
  },
  'journal-damaged': {
    what: 'Le journal est abîmé : Reflexe le lit sans plus rien y ajouter.',
    cure: 'Prévenez qui exploite Reflexe, et lancez « reflexe journal verify ».',
  },
  'event-newer-version': {
    what: 'Ce journal a été écrit par une version plus récente de Reflexe.',
    cure: 'Installez cette version ou une suivante.',
  },
  'event-unknown-newer': {
    what: 'Ce journal a été écrit par une version plus récente de Reflexe.',
    cure: 'Installez cette version ou une suivante.',
  },
  'epoch-too-old': { what: 'Un autre Reflexe a repris ce journal : celui-ci ne fait plus que lire.' },
  'view-stale': { what: 'Le calcul de cette partie a échoué ; elle reviendra d’elle-même.' },
  'body-invalid': { what: 'La demande n’est pas complète.', cure: 'Rechargez la page.' },
  'care-function-unknown': { what: 'Cette fonction de soins n’est plus sur la carte.' },
  'ward-unknown': { what: 'Ce service n’est plus sur la carte.' },
  'ward-not-concerned': { what: 'Ce service n’a pas cette fonction de soins sur la carte.' },
  'hold-without-mode': {
    what: 'Aucun mode dégradé n’est écrit pour cette fonction : rien ne peut la tenir.',
    cure: 'Écrivez-le sur la carte, ou décidez de réorienter ou de réduire.',
  },
  'hold-exhausted': {
    what: 'Le mode dégradé a été tenu aussi longtemps qu’il le peut.',
    cure: 'Un clinicien nommé peut prolonger en disant pourquoi ; sinon, décidez de réorienter ou de réduire.',
  },
  'reason-missing': { what: 'Une prolongation dit pourquoi.' },
  'step-not-ready': { what: 'Les étapes précédentes ne sont pas finies.', cure: 'Finissez-les ou passez-les d’abord.' },
  'step-not-failed': { what: 'Cette étape n’a pas échoué.' },
  'night-not-verified': {
    what: 'Aucune vérification de la nuit choisie n’a échoué.',
    cure: 'Relancez l’étape en échec.',
  },
  'incident-closed': { what: 'Cet incident est clos ; sa main courante reste lisible.' },
  'incident-not-joinable': { what: 'Un incident se joint à un autre, encore ouvert.' },
  'incidents-both-restoring': {
    what: 'Chacun des deux incidents a sa restauration en cours.',
    cure: 'Terminez ou abandonnez d’abord l’une des deux.',
  },
  'incident-alarm-stands': {
    what: 'Une alarme de cet incident dure encore.',
    cure: 'Remettez le composant en service, ou attendez le prochain contrôle.',
  },
  'log-empty': { what: 'Une ligne de main courante dit quelque chose.' },
  'not-ready': {
    what: 'Cette fonction de soins n’est pas prête à rouvrir.',
    cure: 'Attendez que tout ce qu’elle demande soit vérifié.',
  },
  'not-verified': { what: 'Tout n’est pas encore vérifié.', cure: 'Attendez la vérification.' },
  'recovery-closed': { what: 'Cette restauration est terminée.' },
  'component-not-restorable': {
    what: 'Aucune sauvegarde de ce composant n’est lisible d’ici.',
    cure: 'Dites sur la carte de quelle source il se restaure, et configurez cette source.',
  },
  'sign-unknown': { what: 'Aucune nuit de ce composant ne montre ce signe.' },
  'date-unreadable': {
    what: 'Une date de compromission est un moment passé.',
    cure: 'Corrigez la date ; ce qui était dit avant reste dit.',
  },
  'needs-second-person': {
    what: 'Faire à nouveau confiance à des nuits suspectes se décide à deux.',
    cure: 'Demandez à revenir sur la date : une autre personne qui le peut donne son accord.',
  },
  'incident-open': {
    what: 'Un incident est ouvert : aucun essai ne commence.',
    cure: 'Les essais de nuit reprendront d’eux-mêmes quand il sera clos.',
  },
  'proof-running': { what: 'Un autre essai de restauration est en cours.', cure: 'Attendez sa fin, ou arrêtez-le.' },
  'source-unknown': {
    what: 'Aucune source de sauvegarde configurée ne porte ce nom.',
    cure: 'Ajoutez-la à la configuration, section « restore ».',
  },
  'scanner-failed': {
    what: 'L’examen du contenu des sauvegardes n’a pas pu démarrer.',
    cure: 'Essayez avec moins de règles ; « reflexe restore preflight » dit ce qui manque.',
  },
  'rules-unreadable': {
    what: 'Les règles de recherche ne peuvent pas être lues.',
    cure: 'Vérifiez le dossier des règles dans la configuration.',
  },
  'backup-unreachable': {
    what: 'La sauvegarde ne répond pas.',
    cure: 'Vérifiez que son disque est monté ou que son serveur répond.',
  },
  'backup-access-refused': {
    what: 'Le serveur de cette sauvegarde refuse cet utilisateur.',
    cure: 'Vérifiez l’utilisateur dans l’adresse, et le secret de son mot de passe.',
  },
  'backup-address-unusable': {
    what: 'L’adresse de cette sauvegarde ne peut pas servir.',
    cure: 'Corrigez-la ; un mot de passe n’y a pas sa place, nommez son secret à côté.',
  },
  'backup-wrong-password': {
    what: 'Le mot de passe de cette sauvegarde n’est pas le bon.',
    cure: 'Remplacez le secret nommé dans la configuration.',
  },
  'backup-damaged': {
    what: 'Cette sauvegarde est abîmée.',
    cure: 'Choisissez une autre nuit, ou une autre copie de ces sauvegardes.',
  },
  'path-unknown': { what: 'Rien ne porte ce nom dans cette sauvegarde.' },
  'snapshot-unknown': {
    what: 'Cette nuit n’est plus dans la sauvegarde.',
    cure: 'Faites examiner à nouveau les nuits.',
  },
  'backup-tool-missing': {
    what: 'L’outil qui lit cette sauvegarde n’est pas installé.',
    cure: 'Installez-le ; la demande dit lequel.',
  },
  'backup-tool-too-old': {
    what: 'L’outil installé est trop ancien pour cette sauvegarde.',
    cure: 'Installez une version plus récente.',
  },
  'backup-unreadable': {
    what: 'Cette sauvegarde contient quelque chose que Reflexe ne sait pas restaurer.',
    cure: 'Restaurez-la par son propre outil.',
  },
  'backup-command-refused': {
    what: 'La commande de sauvegarde configurée n’est pas acceptée, ou sa réponse ne se comprend pas.',
    cure: 'Relisez le fichier des commandes : il appartient à root, et dit ce qu’elle doit répondre.',
  },
  'backup-not-listed': {
    what: 'Cette source ne sait pas dire ce que contient une sauvegarde.',
    cure: 'Restaurez-la entière.',
  },
  'backup-changing': { what: 'Cette sauvegarde est en cours d’écriture.', cure: 'Recommencez quand elle est finie.' },
  'volume-unsupported': {
    what: 'Un volume de ce disque est d’une sorte que Reflexe ne lit pas.',
    cure: 'Nommez dans la configuration le volume voulu, ou sauvegardez ses fichiers de l’intérieur.',
  },
  'volume-unknown': {
    what: 'Aucun volume de ces disques ne porte ce nom.',
    cure: 'Corrigez « volume » dans la configuration : la demande dit ceux qui existent.',
  },
  'recovery-is-proof': { what: 'Un essai ne rend rien aux soins : il se termine et s’efface.' },
  'nothing-restorable': { what: 'Rien de ce qui est perdu n’a de sauvegarde connue.' },
  'clean-room-needs-root': {
    what: 'La salle blanche demande des droits d’administration sur la machine.',
    cure: 'Relancez Reflexe avec ces droits ; ce qui était fait est conservé.',
  },
  'clean-room-tools-missing': {
    what: 'Des outils manquent sur la machine pour ouvrir la salle blanche.',
    cure: 'Lancez « reflexe restore preflight » : la commande les nomme.',
  },
  'scenario-unknown': { what: 'Cette histoire n’est pas installée.' },
  'drill-running': { what: 'Un essai en laboratoire est déjà en cours.', cure: 'Suivez-le depuis le bandeau.' },
  'exercises-too-many': { what: 'Trop d’exercices sont déjà en cours.', cure: 'Arrêtez-en un d’abord.' },
  'drill-failed': { what: 'L’essai en laboratoire a échoué.', cure: 'Le journal de Reflexe en dit la cause.' },
  'drill-stopped': { what: 'L’essai en laboratoire a été arrêté.' },
  'lab-not-here': {
    what: 'Il n’y a pas de laboratoire ici.',
    cure: 'Démarrez Reflexe avec « --lab » depuis ses sources.',
  },
  'estimate-reversed': { what: 'Le retour probable vient après le retour le plus tardif.', cure: 'Échangez-les.' },
  'step-is-a-persons': { what: 'Cette étape revient à une personne.' },
  'journal-in-use': { what: 'Un autre Reflexe écrit déjà dans ce journal.', cure: 'Arrêtez l’un des deux.' },
  'journal-altered': {
    what: 'Le journal a été altéré : Reflexe le lit sans plus rien y ajouter.',
    cure: 'Prévenez qui exploite Reflexe, et lancez « reflexe journal verify ».',
  },
  'journal-shortened': {
    what: 'La fin du journal manque : Reflexe le lit sans plus rien y ajouter.',
    cure: 'Prévenez qui exploite Reflexe : une copie plus longue existe peut-être.',
  },
  'journal-diverged': {
    what: 'Ce journal et sa copie ne disent pas la même chose : Reflexe ne fait plus que lire.',
    cure: 'Prévenez qui exploite Reflexe.',
  },
  'journal-closed': { what: 'Reflexe s’arrête.', cure: 'Attendez son redémarrage.' },
  'map-missing': { what: 'Aucune carte n’est importée.', cure: 'Importez d’abord la carte de l’hôpital.' },
  'clean-room-rules-failed': {
    what: 'Les règles d’isolement n’ont pas pu être chargées.',
    cure: 'Lancez « reflexe restore preflight ».',
  },
  'clean-room-sandbox-failed': {
    what: 'Le bac à sable de la salle blanche n’a pas pu s’ouvrir.',
    cure: 'Lancez « reflexe restore preflight ».',
  },
  'clean-room-command-failed': {
    what: 'Une commande de la salle blanche a échoué.',
    cure: 'Lancez « reflexe restore preflight ».',
  },
  'isolation-broken': {
    what: 'L’isolement de la salle blanche n’a pas tenu : rien n’y démarre.',
    cure: 'Lancez « reflexe restore preflight ».',
  },
  'helper-did-not-start': {
    what: 'Le programme qui tient la salle blanche n’a pas démarré.',
    cure: 'Vérifiez les droits de Reflexe sur cette machine.',
  },
  'helper-lost': { what: 'Le programme qui tient la salle blanche s’est arrêté ; Reflexe le relance.' },
  'body-malformed': { what: 'La demande ne se lit pas.', cure: 'Rechargez la page.' },
  'request-malformed': { what: 'La demande ne se lit pas.', cure: 'Rechargez la page.' },
  'body-too-large': { what: 'C’est trop long pour un seul envoi.', cure: 'Raccourcissez le texte.' },
  'request-too-slow': {
    what: 'La demande a mis trop de temps à arriver.',
    cure: 'Vérifiez le réseau de ce poste, puis réessayez.',
  },
  'command-unknown': {
    what: 'Reflexe ne connaît pas cet acte.',
    cure: 'Rechargez la page : cet écran est d’une autre version.',
  },
  'code-mistyped': {
    what: 'Ce code n’est pas tapé comme il est imprimé.',
    cure: 'Comparez-le groupe par groupe avec le papier.',
  },
  'ward-card-unknown': {
    what: 'Aucune carte ne porte ce code.',
    cure: 'Comparez-le avec la carte, ou prenez une autre carte du service.',
  },
  'ward-card-ended': {
    what: 'Cette carte a été remplacée ou annulée, ou n’est plus valable.',
    cure: 'Prenez la carte plus récente du service, ou demandez-en une à l’administration de Reflexe.',
  },
  'ward-card-too-many-uses': {
    what: 'Cette carte a ouvert trop de sessions en une heure.',
    cure: 'Prenez une autre carte du service ; celle-ci a pu être photographiée.',
  },
  'ward-cards-too-many': {
    what: 'Ce service a autant de cartes qu’il peut en avoir.',
    cure: 'Remplacez-en ou annulez-en une.',
  },
  'break-glass-name-missing': { what: 'Dites qui vous êtes.', cure: 'Écrivez votre prénom et votre nom.' },
  'break-glass-reason-missing': { what: 'Dites pourquoi, en quelques mots.' },
  'envelope-unknown': {
    what: 'Aucune enveloppe scellée ne porte ce code.',
    cure: 'Prenez les enveloppes imprimées en dernier : les précédentes ne valent plus.',
  },
  'envelope-void': {
    what: 'Ces enveloppes ont été ouvertes il y a trop longtemps.',
    cure: 'Qui tient la machine de Reflexe peut y faire un lien à usage unique.',
  },
  'second-person-needed': {
    what: 'Les deux enveloppes sont ouvertes par deux personnes.',
    cure: 'La seconde personne tape son propre nom et sa propre enveloppe.',
  },
  'review-own': { what: 'Personne ne relit sa propre ouverture.', cure: 'Demandez à une autre personne.' },
  'reviewed-already': { what: 'Quelqu’un l’a déjà relue.', cure: 'Rechargez la liste.' },
  'note-missing': { what: 'Une question dit ce qu’elle questionne.' },
  'provider-silent': {
    what: 'Ce fournisseur d’identité ne répond pas.',
    cure: 'Connectez-vous autrement ; pour soigner tout de suite, prenez la carte du service.',
  },
  'provider-unknown': { what: 'Ce fournisseur d’identité n’est pas connu ici.', cure: 'Revenez à la connexion.' },
  'provider-given-up': {
    what: 'La connexion a été abandonnée chez le fournisseur d’identité.',
    cure: 'Recommencez, ou connectez-vous autrement.',
  },
  'provider-answer-unknown': {
    what: 'Cette réponse a déjà servi, est trop ancienne, ou vient d’un autre navigateur.',
    cure: 'Recommencez depuis la page de connexion.',
  },
  'provider-answer-refused': {
    what: 'La réponse du fournisseur d’identité ne passe pas ses vérifications.',
    cure: 'Recommencez ; si cela revient, prévenez qui exploite Reflexe.',
  },
  'provider-subject-waits': {
    what: 'Votre fournisseur d’identité vous connaît ; Reflexe, pas encore.',
    cure: 'Demandez à l’administration de Reflexe de vous faire entrer. Pour soigner tout de suite, prenez la carte du service.',
  },
  'person-unknown': { what: 'Cette personne n’a pas de compte ici.' },
  'last-administrator': {
    what: 'Plus personne ne pourrait administrer Reflexe. Rien n’a été changé.',
    cure: 'Donnez d’abord ce droit à quelqu’un d’autre.',
  },
  'spoken-code-refused': {
    what: 'Ce nom et ce code ne vont pas ensemble.',
    cure: 'Relisez le code à voix haute, groupe par groupe ; il ne sert qu’une fois et pour peu de temps.',
  },
  'token-in-url': {
    what: 'Un jeton a été mis dans une adresse, où tous les journaux du chemin le gardent. Il n’a rien ouvert.',
    cure: 'Retirez ce jeton, faites-en un autre, et envoyez-le dans l’en-tête Authorization.',
  },
  'weak-points-failed': {
    what: 'Les points faibles de cette carte n’ont pas pu être calculés.',
    cure: 'Réessayez ; si cela revient, signalez-le avec le fichier de diagnostic.',
  },
  'weak-points-too-long': {
    what: 'Chercher les points faibles de cette carte prend trop de temps ici.',
    cure: 'Demandez-les par ordre plus petit, ou pour une seule fonction de soins.',
  },
  'no-map': { what: 'Il n’y a pas encore de carte.', cure: 'Commencez-la, ou importez-la : Carte › Importer.' },
  'not-healthy': {
    what: 'Les faits d’un composant se relèvent quand il va bien ; celui-ci ne va pas bien.',
    cure: 'Relevez-les quand il sera rétabli.',
  },
  'if-match-malformed': {
    what: 'La version regardée ne peut pas être comparée. Rien n’a été changé.',
    cure: 'Rechargez la page, puis recommencez.',
  },
  'header-too-large': {
    what: 'La demande porte trop d’en-têtes. Rien n’a été fait.',
    cure: 'Effacez les cookies de cette adresse, puis rechargez la page.',
  },
  'step-not-running': {
    what: 'Cet essai est terminé : un autre a pris sa place.',
    cure: 'Regardez où en est l’étape maintenant.',
  },
  'plans-invalid': {
    what: 'Ces plans ne se comprennent pas. Ceux d’avant restent en vigueur.',
    cure: 'Corrigez l’endroit indiqué.',
  },
  'no-such-note': { what: 'Cette note n’existe pas, ou plus.', cure: 'Rechargez la page.' },
  'line-refused': { what: 'Ici ne s’écrivent que des lignes du journal de crise.' },
} satisfies { [code: string]: Told };
