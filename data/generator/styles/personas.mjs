import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, hairColor, svg } from './drawing.mjs';

const PERSONAS = {
  hair: {
    boy: { quiff: ['shortCombover', 'shortComboverChops'], short: ['fade'], crop: ['buzzcut'], shortCurly: ['curlyHighTop'], mohawk: ['mohawk'] },
    girl: { long: ['long', 'extraLong', 'sideShave'], bob: ['bobCut', 'bobBangs'], ponytail: ['pigtails'], bun: ['curlyBun', 'bunUndercut', 'straightBun'] },
    person: { afro: ['curly'] },
  },
  // The style's eyes and glasses are one drawing.
  looks: { none: { default: 'open', closed: 'sleep', wink: 'wink', happy: 'happy' }, square: { default: 'glasses' }, sunglasses: { hidden: 'sunglasses' } },
  mouths: { smile: ['smile', 'bigSmile', 'smirk'], sad: ['frown'], open: ['surprise'] },
};

export function personas(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, PERSONAS.hair, { boy: 50, girl: 44, person: 6 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = 'tshirt';
  a.clothingColor = clothingColor(random);
  a.glasses = random.weighted({ none: 68, square: 18, sunglasses: 14 });
  a.eyes = random.pick(Object.keys(PERSONAS.looks[a.glasses]));
  a.mouth = random.weighted({ smile: 5, sad: 2, open: 3 });
  const drawing = svg('personas', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    body: [random.pick(['squared', 'rounded', 'small'])],
    clothingColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [PERSONAS.looks[a.glasses][a.eyes]],
    mouth: [random.pick(PERSONAS.mouths[a.mouth])],
    nose: ['mediumRound', 'smallRound'],
    skinColor: [random.pick(['eeb4a4', 'eeb4a4', 'e7a391', 'b16a5b'])],
    facialHairProbability: 0,
  });
  return { attributes: a, svg: drawing };
}
