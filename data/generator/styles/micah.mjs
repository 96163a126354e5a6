import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, hairColor, svg } from './drawing.mjs';

const MICAH = {
  hair: {
    boy: { quiff: ['fonze'], mohawk: ['mrT'], short: ['dannyPhantom'] },
    girl: { longCurly: ['full'], bob: ['pixie'] },
  },
  clothing: { tshirt: ['open', 'crew', 'collared'] },
  eyes: { default: ['eyes', 'round'], happy: ['smiling'] },
  mouths: { smile: ['smile', 'laughing', 'smirk'], open: ['surprised'], concerned: ['nervous'], sad: ['sad', 'frown'] },
};

export function micah(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, MICAH.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = 'tshirt';
  a.clothingColor = clothingColor(random);
  a.glasses = random.weighted({ none: 65, round: 18, square: 17 });
  a.eyes = random.weighted({ default: 6, happy: 4 });
  a.mouth = random.weighted({ smile: 4, open: 3, concerned: 2, sad: 2 });
  const drawing = svg('micah', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    hairProbability: 100,
    shirt: [random.pick(MICAH.clothing[a.clothing])],
    shirtColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [random.pick(MICAH.eyes[a.eyes])],
    mouth: [random.pick(MICAH.mouths[a.mouth])],
    baseColor: [random.pick(['f9c9b6', 'f9c9b6', 'ac6651'])],
    glasses: a.glasses === 'none' ? [] : [a.glasses],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    glassesColor: ['000000'],
    facialHairProbability: 0,
    earringsProbability: 0,
    scale: 95,
    translateY: 2.5,
  });
  return { attributes: a, svg: drawing };
}
