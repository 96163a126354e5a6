import { HAIR_COLORS } from '../vocabulary.mjs';
import { background, drawHair, hairColor, numbered, svg, variants } from './drawing.mjs';

const BIG_EARS = {
  hair: {
    boy: {
      short: numbered('short', 20, 16, 14, 13, 11, 5), crop: numbered('short', 17, 15), spiky: numbered('short', 19, 12, 10, 6, 4, 3, 1),
      shortCurly: numbered('short', 18, 7, 2),
    },
    girl: {
      bob: numbered('long', 20, 9, 8, 7), long: [...numbered('long', 19, 18, 12), 'short09'], bun: numbered('long', 6, 5),
      ponytail: numbered('long', 17, 16), longCurly: numbered('long', 13, 11, 10, 1), curly: numbered('long', 15, 4, 3, 2),
    },
  },
  eyes: {
    default: variants(30, 29, 28, 27, 5, 4, 3, 2), closed: variants(32, 31), surprised: variants(26, 24, 15, 14), side: variants(9, 8),
    squint: variants(7, 6), stars: variants(13, 10), happy: variants(12, 11), angry: variants(25, 1),
  },
  mouths: {
    smile: variants('0702', '0203', '0202', '0204', '0304', '0302', '0303'), serious: variants('0701'),
    sad: variants('0705', '0704', '0504', '0502'), open: variants('0105', '0104', '0103', '0102', '0101'),
    grimace: variants('0604', '0603'),
  },
};

export function bigEars(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, BIG_EARS.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who, glasses: 'none' });
  a.eyes = random.weighted({ default: 5, closed: 2, surprised: 2, side: 2, squint: 2, stars: 2, happy: 2, angry: 1 });
  a.mouth = random.weighted({ smile: 4, serious: 2, sad: 2, open: 3, grimace: 1 });
  const drawing = svg('bigEars', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    eyes: [random.pick(BIG_EARS.eyes[a.eyes])],
    mouth: [random.pick(BIG_EARS.mouths[a.mouth])],
    skinColor: [random.pick(['f8b788', 'f8b788', 'da9c6f', '89532c'])],
    scale: 94,
  });
  return { attributes: a, svg: drawing };
}
