/** Refusals of imports and exports of a map, in French. In English a refusal says its own words. */
export const importRefusals: { readonly [code: string]: { what: string; cure?: string } } = {
  'import-empty': { what: 'Il n’y a aucun fichier à lire.' },
  'import-too-large': { what: 'Cet import est trop grand.', cure: 'Importez-le en plusieurs parties.' },
  'import-file-unreadable': { what: 'Ce fichier ne peut pas être lu.' },
  'import-unreadable': {
    what: 'Ce fichier n’est pas ce qui était attendu.',
    cure: 'Enregistrez-le de nouveau depuis l’outil d’où il vient.',
  },
  'import-unfolds-too-large': {
    what: 'Ce classeur n’est pas lu : déplié, il dépasserait toute mesure.',
    cure: 'Copiez la liste seule dans un nouveau classeur.',
  },
  'import-columns-unknown': {
    what: 'Aucune colonne ne dit comment s’appellent les lignes.',
    cure: 'Dites ce que veut dire chaque colonne.',
  },
  'import-memory-unreadable': {
    what: 'Ce qui fut gardé du dernier import de cette source ne peut pas être lu.',
    cure: 'Remettez le fichier en place, ou effacez-le : ce qui diffère sera alors montré comme conflit.',
  },
  'import-mapping-unreadable': {
    what: 'Ce fichier ne dit pas ce que veulent dire les colonnes.',
    cure: 'La réponse d’un import le contient, sous « columns » : corrigez celle-là.',
  },
  'export-folder-in-use': {
    what: 'Ce dossier contient d’autres fichiers YAML, qui seraient lus comme une partie de la carte.',
    cure: 'Nommez un autre dossier, ou un fichier.',
  },
  'map-files-not-editable': {
    what: 'Ces fichiers sont écrits d’une façon qui ne permet pas de les changer sur place.',
    cure: 'Exportez la carte dans un nouveau dossier (reflexe map export), et importez dans celui-là.',
  },
};
