const components = (count: number) => (count === 1 ? '1 composant' : `${count} composants`);
const figures = new Intl.NumberFormat('fr-FR');
const files = (count: number) => `${figures.format(count)} ${count <= 1 ? 'fichier' : 'fichiers'}`;
const nights = (count: number) => (count <= 1 ? `${count} nuit` : `${count} nuits`);

/** The hospital's own backups: their nights, what was seen of them, and what stands inside. */
export const backups = {
  title: 'Sauvegardes',
  tabs: { label: 'Restauration et sauvegardes', recovery: 'Restauration', backups: 'Sauvegardes' },
  files,
  nights,
  whole: (proved: number, all: number) =>
    all === 1
      ? proved === 1
        ? 'Le composant sauvegardé a été restauré pour de vrai cette semaine'
        : 'Le composant sauvegardé n’a pas été restauré pour de vrai cette semaine'
      : `${components(proved)} sur ${all} ${proved <= 1 ? 'restauré' : 'restaurés'} pour de vrai cette semaine`,
  wholeNever: (count: number) => `${count} jamais ${count === 1 ? 'essayé' : 'essayés'}`,
  wholeFailed: (count: number) =>
    count === 1 ? 'le dernier essai de 1 composant a échoué' : `le dernier essai de ${count} composants a échoué`,
  wholeChanged: (count: number) => `${count} ${count === 1 ? 'changé' : 'changés'} depuis l’essai`,
  noneYet: 'Aucun composant de la carte ne dit d’où il se restaure',
  noneYetMeans:
    'Sur la carte, dites pour chaque composant de quelle source il se restaure. Ses nuits s’affichent ensuite ici : leur taille, ce qui change, ce qu’on y a trouvé, et si leur restauration a été essayée.',
  toMap: 'Ouvrir la carte',
  notConfigured: 'Aucune source de sauvegarde n’est configurée ici',
  notConfiguredMeans: (names: string) =>
    `La carte nomme ces sources : ${names}. Pour que Reflexe les lise, décrivez-les dans la section « restore » de la configuration ; la page docs/restore.md dit comment. Il les lit sur place et n’y écrit jamais.`,
  noSourceHere: (source: string) =>
    `La source « ${source} » n’est pas configurée ici : ses nuits ne sont pas lues. Décrivez-la dans la section « restore » de la configuration (docs/restore.md).`,
  elsewhere: 'Un exercice n’a pas de sauvegardes à lui',
  elsewhereMeans:
    'Ses composants sont ceux de l’histoire jouée. Les sauvegardes de l’hôpital se lisent hors de l’exercice.',

  pass: 'Chaque nuit',
  next: (when: string, day: string) =>
    `Prochain passage ${when}. Les nuits nouvelles sont examinées, puis une partie des composants est restaurée pour de vrai dans la salle blanche ; tous le sont ${day}.`,
  days: ['le dimanche', 'le lundi', 'le mardi', 'le mercredi', 'le jeudi', 'le vendredi', 'le samedi'],
  weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  noNext: 'Aucun passage n’est prévu : rien ne se lit d’ici.',
  lastPass: (when: string) => `Dernier examen demandé ${when}.`,
  lastProof: (when: string) => `Dernier essai de nuit commencé ${when}.`,
  neverPassed: 'Aucun passage n’a encore eu lieu.',
  judgeAll: 'Tout examiner maintenant',
  judge: 'Examiner maintenant',
  judgeAgain: 'Examiner à nouveau',
  prove: 'Essayer la restauration',
  proveMeans:
    'Restaure la dernière nuit sans signe connu dans une salle blanche isolée, la vérifie, puis efface tout. Rien de ce qui soigne n’est touché.',
  schedule: 'Changer l’heure',
  scheduleTime: 'Heure du passage',
  scheduleDay: 'Jour où tout est restauré',
  save: 'Enregistrer',
  running: 'Essai de restauration en cours',
  runningSince: (since: string) => `Commencé ${since}.`,
  scopes: {
    sample: 'Une partie des composants, comme chaque nuit.',
    whole: 'Tous les composants, comme chaque semaine.',
    asked: 'Demandé par une personne.',
  },
  stop: 'Arrêter l’essai',
  stopMeans: 'Ce qui est restauré est effacé ; ce qui a été prouvé avant reste prouvé.',
  steps: {
    choose: 'choix de la nuit',
    fetch: 'lecture',
    start: 'démarrage',
    verify: 'vérification',
    release: 'réouverture',
  },
  stepStates: { waiting: 'attend', running: 'en cours', done: 'restauré et vérifié', failed: 'échec' },
  incident: 'Un incident est ouvert : les examens et les essais de nuit attendent qu’il soit clos.',
  incidentChose: (name: string, when: string) => `La restauration en cours a choisi, pour ${name}, la nuit du ${when}.`,
  incidentSeen: 'Suivre la restauration',

  compromise: 'Depuis quand l’attaquant est-il entré ?',
  compromiseMeans:
    'Les nuits de ce moment et d’après deviennent suspectes, quoi qu’on y trouve : bonnes pour leurs seules données, sur des systèmes refaits.',
  compromiseNone: 'Personne n’a dit que le système était compromis.',
  compromiseOf: { whole: 'Tout l’établissement', own: 'Ce composant' },
  compromiseSaid: (scope: string, since: string) => `${scope} : compromis ${since}.`,
  compromiseBy: (name: string, when: string) => `Dit par ${name} ${when}.`,
  compromiseScope: 'Ce qui est compromis',
  compromiseAt: 'Compromis depuis',
  compromiseDay: 'Jour',
  compromiseHour: 'Heure',
  compromiseSay: 'Dire depuis quand',
  compromiseDo: 'Rendre ces nuits suspectes',
  compromiseWithdraw: 'Revenir sur cette date',
  compromiseNever: 'Retirer tout à fait',
  compromiseLater: 'Dire un moment plus tardif',
  compromiseTwo: 'Refaire confiance à des nuits se décide à deux : une seconde personne devra donner son accord.',

  list: 'Ce qui est sauvegardé, dans l’ordre des soins',
  carries: (names: string, more: number) =>
    more === 0 ? `Porte : ${names}` : `Porte : ${names} et ${more} ${more === 1 ? 'autre' : 'autres'}`,
  carriesNothing: 'Ne porte aucune fonction de soins',
  badges: { proved: 'Prouvé', changed: 'Changé depuis l’essai', unproved: 'Non prouvé' },
  badgeProved: (when: string) => `restauré pour de vrai ${when}`,
  badgeChanged: (when: string, what: 'map' | 'means') =>
    `${what === 'map' ? 'la carte a changé' : 'la façon de le restaurer a changé'} ${when}`,
  badgeFailed: (when: string) => `l’essai a échoué ${when}`,
  badgeRestored: (when: string) => `relu en entier ${when}, mais aucun fait connu n’a pu être vérifié`,
  badgeNever: 'jamais essayé',
  provedBefore: (when: string) => `Le dernier essai réussi date ${when}.`,
  window: 'Période',
  windows: { 30: '30 jours', 90: '90 jours', all: 'Tout' },
  older: (count: number) => `${nights(count)} plus ${count <= 1 ? 'ancienne' : 'anciennes'}`,
  strip: (name: string) => `Nuits de ${name}. Flèches pour passer d’une nuit à l’autre, Entrée pour l’ouvrir.`,
  night: (when: string) => `nuit du ${when}`,
  nightOf: (when: string) => `Nuit du ${when}`,
  previous: 'Nuit précédente',
  following: 'Nuit suivante',
  open: 'Ouvrir cette nuit',
  back: 'Toutes les sauvegardes',
  today: 'aujourd’hui',
  states: {
    clear: 'aucun signe connu',
    sign: 'signe trouvé',
    damaged: 'abîmée',
    unknown: 'non établi',
    suspect: 'suspecte',
  },
  statesMean: {
    clear: 'Rien de connu n’a été trouvé dans ce qui a été examiné. Ce n’est pas une garantie.',
    sign: 'Quelque chose de connu y a été trouvé.',
    damaged: 'Elle ne se relit pas en entier : elle n’est pas choisie.',
    unknown: 'Elle ne contient rien, rien n’a pu en être examiné, ou sa date ou son origine est contredite.',
    suspect: 'Bonne pour ses seules données, sur des systèmes refaits : l’attaquant était peut-être déjà là.',
  },
  alsoSuspect: 'Suspecte aussi : l’attaquant était déjà entré, a dit une personne.',
  legend: 'Lire les bandes',
  legendSize: 'hauteur : taille',
  legendChange: 'partie pleine : part nouvelle',
  legendProved: 'restaurée pour de vrai',
  legendMissing: 'pas de nuit ce jour-là',
  legendLast: 'dernière sans signe connu',
  changes: (added: string, changed: string, removed: string) =>
    `ajoutés : ${added}, modifiés : ${changed}, supprimés : ${removed}`,
  firstNight: 'première de sa série',
  fresh: (share: string) => `${share} de nouveau`,
  proved: 'restaurée pour de vrai',
  lastClear: 'Dernière nuit sans signe connu',
  lastClearNone: 'Aucune nuit sans signe connu',
  rules: (rulesOf: string, notExamined: number) =>
    `règles du ${rulesOf}${notExamined === 0 ? '' : ` ; non examinés : ${notExamined}`}`,
  noRules: (notExamined: number) => `sans règles${notExamined === 0 ? '' : ` ; non examinés : ${notExamined}`}`,
  before: (when: string) =>
    `Avant tout signe : nuit du ${when}. Un signe est venu puis a disparu, et personne ne l’a expliqué.`,
  neverJudged: 'Ses nuits n’ont jamais été examinées.',
  asked: (since: string) => `Examen demandé ${since} : il attend son tour.`,
  judging: 'Examen en cours',
  judgingRead: (done: string, total: string) => `${done} lus sur ${total}`,
  judgingDone: (done: string) => `${done} lus`,
  judged: (when: string, length: string) => `Examinées ${when}, en ${length}.`,
  judgeFailed: (when: string) => `Le dernier examen a échoué ${when}.`,
  judgeFailures: {
    interrupted: 'Il a été interrompu : il reprendra où il en était.',
    'disk-full': 'Le disque est plein.',
  },

  verdict: 'Ce qu’on y a trouvé',
  signs: {
    'content-encrypted': 'contenu sans doute chiffré',
    'content-encrypted-in-part': 'contenu sans doute chiffré en partie',
    'mass-rename': 'fichiers renommés en masse',
    'ransom-note': 'demande de rançon',
    'canary-altered': 'fichier témoin altéré',
    'canary-missing': 'fichier témoin disparu',
    'lost-files': 'la moitié des fichiers disparue',
    'lost-bytes': 'la moitié des données disparue',
    'emptied-table': 'table vidée dans la copie de la base',
    'date-contradicted': 'date contredite par le stockage',
    foreign: 'vient d’une autre machine ou d’autres dossiers',
  },
  rule: (name: string) => `règle ${name}`,
  findings: (count: number) => `dans ${files(count)}`,
  signSince: (when: string, count: number) =>
    `depuis la nuit du ${when}${count <= 1 ? '' : `, ${nights(count)} en tout`}`,
  noSigns: 'Aucun signe.',
  explainedHere: 'Expliqué : ce n’est pas un signe ici.',
  explainedElsewhere: 'Expliqué ailleurs, pas ici : ce qu’on y trouve est autre chose, ou se trouve à une autre place.',
  explainedSome: (explained: number, all: number) =>
    `Expliqué pour ${explained} sur ${all} : pour le reste, expliqué ailleurs, pas ici.`,
  explainedBy: (name: string, when: string, what: string) => `${name}, ${when} : ${what}.`,
  explainedReach: {
    content: (count: number) =>
      count <= 1 ? '1 contenu précis, où qu’il se trouve' : `${count} contenus précis, où qu’ils se trouvent`,
    place: (count: number) =>
      count <= 1
        ? '1 fichier précis, même si son contenu change'
        : `${count} fichiers précis, même si leur contenu change`,
  },
  explainedRule: 'toute la règle sur ce composant. Un nouveau fichier qu’elle trouverait ne se verrait pas',
  explain: 'Expliquer ce signe',
  explainMeans:
    'Vous savez ce que c’est, et que ce n’est pas un signe. Les nuits du composant sont alors jugées sans ce que vous expliquez, et lui seul. Une seconde personne regarde la même chose et donne son accord.',
  sighting: 'Lecture de ce qui a été trouvé…',
  sighted: (findings: number, contents: number) =>
    `Trouvé ${findings <= 1 ? 'à 1 endroit' : `à ${figures.format(findings)} endroits`}, ${contents <= 1 ? '1 contenu' : `${figures.format(contents)} contenus différents`}`,
  sightedIn: (findings: number) => (findings <= 1 ? '1 endroit' : `${figures.format(findings)} endroits`),
  sightedMore: (count: number) => `Et ${count} ${count <= 1 ? 'autre' : 'autres'}`,
  sightedUntold: (count: number) => `${figures.format(count)} de plus ne sont pas listés.`,
  sightedMeans: 'Ces noms sont lus pour vous dans la sauvegarde : ils n’entrent pas au journal.',
  explainReach: 'Ce que l’explication couvre',
  explainReaches: {
    content: 'Ces contenus, où qu’ils soient',
    place: 'Ces fichiers, même s’ils changent',
    rule: 'Toute la règle sur ce composant',
  },
  explainReachMeans: {
    content:
      'Pour ce qui ne change pas : un outil, une archive. Tout autre contenu que trouve cette règle reste un signe.',
    place:
      'Pour ce qui change chaque nuit : une copie de base, un outil mis à jour. Ce qui remplacerait l’un de ces fichiers ne se verrait plus par cette règle ; partout ailleurs, elle compte.',
    rule: 'Il y en a trop pour être relus à deux. Tout ce que cette règle trouvera sur ce composant sera tenu pour expliqué, un nouvel intrus compris. Mieux vaut l’écarter de la règle ou de la sauvegarde.',
  },
  explainWhy: 'Ce que c’est, et comment vous le savez',
  explainDo: 'Demander l’accord d’une seconde personne',
  unexplain: 'Ne plus l’expliquer',
  unexplainMeans:
    'Tout ce qui a été expliqué de ce signe sur ce composant compte à nouveau. Une seule personne y suffit.',
  why: 'Pourquoi ce jugement',
  whyRules: 'Règles',
  whyRulesOf: (count: number, day: string) =>
    `${count} ${count <= 1 ? 'fichier' : 'fichiers'} de règles, du ${day} au plus récent`,
  whyNoRules: 'aucune règle appliquée : seuls le chiffrement, les témoins et les disparitions ont été cherchés',
  whyNotExamined: 'Non examinés',
  whyNone: 'aucun',
  whyConfined: 'Isolement de l’examen',
  confinements: {
    bubblewrap: 'processus à part, sans réseau ni disque',
    limits: 'processus à part, borné en temps et en mémoire',
  },
  whyChange: 'Depuis la nuit d’avant',
  whyContents: 'Contenus différents',
  whyContentsOf: (scanned: string, known: string) => `${scanned} examinés au dernier passage, ${known} déjà connus`,
  whyPaths: 'Quels fichiers',
  whyPathsIn:
    'Leurs noms restent hors du journal. Sur la machine : reflexe restore clean-point, avec la source et les règles.',

  loss: 'Revenir à cette nuit : ce que l’on perdrait',
  lossTime: (length: string) => `Tout ce qui a été saisi depuis : ${length}.`,
  lossNewest: 'C’est la nuit la plus récente.',
  lossFiles: (added: string, changed: string, removed: string) =>
    `Jusqu’à la dernière nuit : ${added} fichiers ajoutés et ${changed} modifiés seraient perdus, ${removed} supprimés reviendraient.`,
  lossAtMost: (added: string, changed: string, removed: string) =>
    `Jusqu’à la dernière nuit, au plus : ${added} fichiers ajoutés et ${changed} modifiés seraient perdus, ${removed} supprimés reviendraient. Un fichier modifié deux nuits compte deux fois.`,
  lossUnknown: 'Combien de fichiers : non établi, des nuits d’après n’ont pas été comparées.',
  lossLook: 'Comparer avec la dernière nuit, plus bas, montre lesquels.',

  proof: 'Essais de restauration',
  proofThis: 'Cette nuit a été restaurée pour de vrai et vérifiée.',
  proofOther: 'Cette nuit n’a pas été essayée.',
  proofLast: 'Dernier essai',
  outcomes: {
    proved: 'réussi',
    restored: 'relu en entier, rien à vérifier',
    failed: 'échoué',
    notTried: 'pas essayé',
  },
  proofOf: (outcome: string, when: string, length: string) => `${outcome} ${when}, en ${length}`,
  proofFacts: (agreed: number, asked: number) => `${agreed} faits cliniques sur ${asked} concordent`,
  proofStopped: (step: string) => `arrêté à l’étape : ${step}`,
  proofBefore: 'Essais d’avant',

  warnings: 'Ce qui pourrait ne pas revenir',
  warningsMean:
    'Rien n’est en panne de ce fait. Mais si l’un de ces composants tombait cette nuit, rien n’établit qu’il pourrait être restauré.',
  warningMore: (count: number) => (count === 1 ? '1 autre' : `${count} autres`),
  warningOf: {
    proof: 'son essai de restauration échoue',
    nights: 'ses nuits n’ont pas pu être examinées',
  },
  warningCures: {
    proof: 'Ouvrez ses nuits : l’essai dit où il s’est arrêté. Corrigez, puis essayez la restauration à nouveau.',
    nights: 'Vérifiez que sa source répond, puis faites examiner ses nuits à nouveau.',
  },
  warningOpen: 'Ouvrir ses nuits',

  inside: 'Regarder dedans',
  insideFolder: 'Dossier',
  top: 'Sommet',
  compareWith: 'Comparer avec',
  compareNone: 'aucune autre nuit',
  look: 'Ouvrir',
  looking: 'Lecture de la sauvegarde…',
  filter: 'Filtrer par nom',
  onlyChanges: 'Seulement ce qui diffère',
  columns: { name: 'Nom', bytes: 'Taille', modified: 'Modifié', change: 'Comparé', act: 'Sortir' },
  entryStates: { same: 'identique', changed: 'modifié', added: 'ajouté', removed: 'supprimé', unknown: 'non établi' },
  counted: (same: number, changed: number, added: number, removed: number, unknown: number) =>
    [
      [added, 'ajoutés'],
      [changed, 'modifiés'],
      [removed, 'supprimés'],
      [same, 'identiques'],
      [unknown, 'non établis'],
    ]
      .filter(([count]) => count !== 0)
      .map(([count, word]) => `${word} : ${count}`)
      .join(', ') || 'rien',
  was: (bytes: string) => `avant : ${bytes}`,
  entries: (count: number) => (count <= 1 ? `${count} élément` : `${count} éléments`),
  shown: (count: number, all: number) => `${count} sur ${all} affichés`,
  showMore: 'En afficher plus',
  truncated: (most: string) =>
    `Ce dossier en contient davantage : seuls les ${most} premiers sont lus ici. Le reste : reflexe restore ls.`,
  emptyFolder: 'Ce dossier est vide.',
  noMatch: 'Rien ne correspond.',
  kinds: { folder: 'dossier', file: 'fichier', link: 'lien', other: 'autre' },
  unknownDate: 'date inconnue',
  up: 'Dossier parent',

  fetch: 'Sortir ce fichier',
  fetchShort: 'Sortir',
  fetchMeans:
    'Ce fichier vient d’une sauvegarde. Il est relu et vérifié, puis remis à votre navigateur tel quel : il peut contenir des données de patients, et ce qu’un attaquant y a mis. Ouvrez-le sur un poste isolé.',
  fetchJournal: 'Votre nom, le composant et la nuit sont inscrits au journal avant que le fichier ne sorte.',
  fetchWarn: {
    sign: 'Attention : un signe connu a été trouvé dans cette nuit. Ce fichier est peut-être ce qui le porte.',
    damaged: 'Attention : cette nuit est abîmée. Le fichier ne sortira que s’il se relit en entier.',
    unknown: 'Attention : rien n’établit ce que vaut cette nuit.',
    suspect: 'Attention : cette nuit est suspecte. L’attaquant a pu modifier ce fichier.',
  },
  fetchBound: (most: string) => `${most} au plus ; au-delà : reflexe restore extract.`,
  fetchDo: 'Sortir le fichier',
  fetching: 'Lecture et vérification…',
  receiving: (bytes: string) => `Réception : ${bytes}`,
  fetched: (name: string, bytes: string) => `${name} : ${bytes}, remis à votre navigateur.`,
  fetchedUnverified:
    'Cette source ne garde aucune somme de contrôle : rien ne prouve que ce sont les octets sauvegardés.',

  sheet: 'Sauvegardes : de quoi repartir',
  sheetComponent: 'Composant',
  sheetLast: 'Dernière nuit sans signe connu',
  sheetProof: 'Restauration essayée',
  sheetLoss: 'Ce que l’on perd',
  sheetTo: (added: string, changed: string) => `${added} fichiers ajoutés, ${changed} modifiés`,
  sheetTook: (length: string) => `durée ${length}`,
};
