/** French family and given names in use; any combination that exists is chance. */
export const FAMILY_NAMES =
  'Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le_Gall Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux Cousin Germain Breton Besson Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Da_Silva Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte Benali Diallo Traoré Nguyen Haddad Belkacem Ferreira Kone Mansouri Bouzid Sow Tran'
    .split(' ')
    .map((name) => name.replaceAll('_', ' '));

export const WOMEN =
  'Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Suzanne Hélène Christine Marguerite Denise Louise Christiane Yvonne Simone Stéphanie Sandrine Sophie Céline Valérie Chantal Camille Julie Laurence Aurélie Émilie Léa Chloé Manon Inès Jade Emma Lina Zoé Éloïse Fatima Aïcha Maëlys Agathe Élodie Mélanie Patricia Brigitte Véronique Annie Colette Odette Geneviève Paulette Lucienne Élisabeth Claire Charlotte Clémence Yasmine Khadija Rose Anaïs Noémie Pauline Lucie'.split(
    ' ',
  );

export const MEN =
  'Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul Claude Christian Henri Georges Nicolas François Patrick Gérard Christophe Joseph Julien Maurice Laurent Frédéric Éric David Stéphane Pascal Sébastien Alexandre Thomas Olivier Guy Vincent Raymond Thierry Antoine Lucas Hugo Léo Gabriel Raphaël Arthur Jules Adam Mohamed Karim Mehdi Ibrahim Noël Benoît Jérôme Guillaume Mathieu Maxime Romain Kévin Théo Enzo Nathan Rémi Gaël Cédric Bruno Didier Serge Yves'.split(
    ' ',
  );

export const STREETS = [
  'rue de la République',
  'rue Victor-Hugo',
  'avenue du Général-de-Gaulle',
  'rue des Écoles',
  'rue Pasteur',
  'place de l’Église',
  'chemin des Vignes',
  'rue Jean-Jaurès',
  'allée des Tilleuls',
  'boulevard Carnot',
  'impasse du Moulin',
  'rue Marie-Curie',
  'route de la Gare',
  'rue du Lavoir',
];
