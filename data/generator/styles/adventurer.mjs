import { HAIR_COLORS } from '../vocabulary.mjs';
import { background, drawHair, glasses, hairColor, svg, variants } from './drawing.mjs';

const ADVENTURER = {
  hair: {
    boy: { short: ['short01', 'short02', 'short04', 'short06', 'short07', 'short10', 'short11', 'short14'], spiky: ['short15', 'short16'], shortCurly: ['short03', 'short08', 'short09', 'short17', 'short18'] },
    girl: { long: ['long01', 'long05', 'long07', 'long09', 'long26'], bob: ['long20', 'long21', 'long25', 'long02'], bun: ['long13', 'long23', 'long11'], longCurly: ['long17', 'long22', 'long24'], ponytail: ['long14', 'long15', 'long16', 'long19'] },
  },
  glasses: { sunglasses: variants(1), round: variants(2, 4), square: variants(5) },
  eyes: { default: variants(26, 25, 24, 12, 5, 3, 2, 1), happy: variants(19), closed: variants(20), squint: variants(16, 17) },
  mouths: { smile: variants(1, 5, 25, 26, 28, 30), open: variants(15), serious: variants(9, 10), tongue: variants(16) },
};

export function adventurer(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, ADVENTURER.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.glasses = glasses(random);
  a.eyes = random.weighted({ default: 4, happy: 2, closed: 3, squint: 1 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 4, open: 2, serious: 2, tongue: 1 });
  const drawing = svg('adventurer', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    hairProbability: 100,
    eyes: [random.pick(ADVENTURER.eyes[a.eyes === 'hidden' ? 'default' : a.eyes])],
    mouth: [random.pick(ADVENTURER.mouths[a.mouth])],
    skinColor: [random.pick(['f2d3b1', 'f2d3b1', 'ecad80', '9e5622'])],
    glasses: a.glasses === 'none' ? [] : [random.pick(ADVENTURER.glasses[a.glasses])],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    earringsProbability: 0,
    featuresProbability: 0,
    scale: 92,
  });
  return { attributes: a, svg: drawing };
}
