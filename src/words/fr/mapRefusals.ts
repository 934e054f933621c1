/** Refused changes and imports of the map. */
export const mapRefusals = {
  'map-changed-meanwhile': {
    what: 'Quelqu’un a changé la carte entre-temps. Rien de votre changement n’a été fait.',
    cure: 'Regardez ce qu’elle dit maintenant, puis recommencez.',
  },
  'map-invalid': {
    what: 'La carte ne tiendrait plus ensemble. Rien de ce changement n’a été fait.',
    cure: 'Corrigez l’élément nommé, ou laissez-le de côté : ce qui est retiré ne doit plus être nommé ailleurs.',
  },
  'map-in-use': {
    what: 'Une restauration en cours ramène cet élément : il reste sur la carte, avec la façon de le restaurer.',
    cure: 'Laissez-le hors de ce changement, ou terminez d’abord la restauration.',
  },
  'map-id-taken': {
    what: 'Un autre élément de la carte porte déjà cet identifiant.',
    cure: 'Donnez-en un autre au nouveau.',
  },
  'map-place-unknown': {
    what: 'L’élément devant lequel il devait se placer n’est plus sur la carte.',
    cure: 'Rechargez la page et placez-le de nouveau.',
  },
  'map-change-misnamed': { what: 'Ce changement nomme un élément et en décrit un autre. Rien n’a été changé.' },
  'map-other-establishment': {
    what: 'C’est la carte d’un autre établissement.',
    cure: 'Le nom peut changer ; l’identifiant, non.',
  },
  'map-change-unknown': {
    what: 'Ce changement est trop ancien pour être annulé d’ici.',
    cure: 'Faites le changement qui remet les choses en place.',
  },
  'map-change-undone': {
    what: 'Ce changement a déjà été annulé.',
    cure: 'Pour le remettre, annulez son annulation.',
  },
  'map-change-whole': {
    what: 'Rien ne précédait cette carte : il n’y a rien à quoi revenir.',
    cure: 'Importez la carte voulue : ce qu’elle change est montré avant d’être appliqué.',
  },
  'map-already-there': {
    what: 'Il y a déjà une carte.',
    cure: 'Importez l’autre comme un changement : rien ne se perd, et tout s’annule.',
  },
  'import-empty': { what: 'Ce fichier est vide.', cure: 'Choisissez-en un autre.' },
  'import-unreadable': {
    what: 'Ce fichier ne se lit pas ainsi.',
    cure: 'Vérifiez de quel outil il vient, ou enregistrez-le de nouveau depuis cet outil.',
  },
  'import-too-large': {
    what: 'Cet import est trop gros pour être lu d’un coup.',
    cure: 'Importez-le en plusieurs parties.',
  },
  'import-columns-unknown': {
    what: 'Aucune ligne de ce tableau ne ressemble à des titres de colonnes.',
    cure: 'Donnez à chaque colonne un titre, tel que Nom, Type, Dépend de.',
  },
  'hospital-started': {
    what: 'L’hôpital est déjà commencé : l’exemple n’est plus là. Rien n’a été changé.',
    cure: 'Continuez sa carte : tout ce qu’on y pose se change, et chaque changement s’annule.',
  },
  'hospital-not-started': {
    what: 'L’exemple n’a pas pu être mis de côté. Il est en place, comme avant.',
    cure: 'Voyez le disque de cette machine, puis recommencez.',
  },
  'map-missing': { what: 'Il n’y a pas encore de carte.', cure: 'Importez-en une, ou commencez la vôtre.' },
} satisfies { [code: string]: { what: string; cure?: string } };
