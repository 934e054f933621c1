export const backupRefusals = {
  'backups-not-here': {
    what: 'Aucune sauvegarde n’est lisible d’ici.',
    cure: 'Configurez les sources ; un exercice n’en a pas.',
  },
  'backup-desk-busy': {
    what: 'D’autres personnes regardent dans les sauvegardes.',
    cure: 'Recommencez dans quelques secondes.',
  },
  'explanation-too-wide': {
    what: 'Ce signe se trouve à trop d’endroits pour être relu à deux. Rien n’a été expliqué.',
    cure: 'Écartez ce qui est connu de la règle ou de la sauvegarde, ou expliquez la règle entière en sachant ce que cela cache.',
  },
  'explanation-too-vague': {
    what: 'Ces endroits peuvent être expliqués un par un : la règle entière ne l’est pas.',
    cure: 'Expliquez ces contenus, ou ces fichiers.',
  },
  'explanation-not-here': { what: 'Aucun signe ne s’explique ici : rien ne permettrait de le reconnaître ensuite.' },
  'too-many-explanations': {
    what: 'Ce signe a été expliqué trop souvent sur ce composant.',
    cure: 'Retirez ce qui a été expliqué, puis expliquez ce qui se trouve alors.',
  },
  'backup-too-slow': {
    what: 'La sauvegarde a mis trop longtemps à répondre. Rien n’en est sorti.',
    cure: 'Recommencez, ou passez par la ligne de commande : reflexe restore ls, reflexe restore extract.',
  },
  'part-not-a-file': {
    what: 'Seul un fichier se sort d’une sauvegarde ici.',
    cure: 'Pour un dossier : reflexe restore extract.',
  },
  'part-too-large': {
    what: 'Ce fichier est trop grand pour sortir par le navigateur.',
    cure: 'Passez par la ligne de commande : reflexe restore extract.',
  },
  'part-not-whole': {
    what: 'Ce fichier ne se relit pas en entier dans cette nuit. Rien n’en est sorti.',
    cure: 'Essayez une autre nuit.',
  },
};
