import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, hairColor, svg } from './drawing.mjs';

const MINIAVS = {
  hair: {
    boy: { quiff: ['elvis', 'classic01'], short: ['classic02', 'stylish'], shortCurly: ['curly'] },
    girl: { ponytail: ['ponyTail'], long: ['long'] },
  },
  clothing: { sweater: ['golf'], tshirt: ['tShirt'] },
  eyes: { default: ['normal', 'confident'], happy: ['happy'] },
};

export function miniavs(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, MINIAVS.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.pick(Object.keys(MINIAVS.clothing));
  a.clothingColor = clothingColor(random, a.clothing);
  a.glasses = random.weighted({ none: 65, glasses: 35 });
  a.eyes = random.pick(Object.keys(MINIAVS.eyes));
  a.mouth = 'smile';
  const drawing = svg('miniavs', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    body: [random.pick(MINIAVS.clothing[a.clothing])],
    bodyColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [random.pick(MINIAVS.eyes[a.eyes])],
    glasses: a.glasses === 'none' ? [] : ['normal'],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    skinColor: [random.pick(['ffcb7e', 'f5d0c5', 'e8b48f', '836055'])],
    mustacheProbability: 0,
    scale: 94,
    translateY: 3,
  });
  return { attributes: a, svg: drawing };
}
