import { HAIR_COLORS } from '../vocabulary.mjs';
import { background, drawHair, hairColor, svg, variants } from './drawing.mjs';

const CROODLES = {
  hair: {
    boy: { middlePart: variants(8, 29), short: variants(1, 3, 4, 9), spiky: variants(2, 6, 7), shortCurly: variants(5, 10) },
    girl: { long: variants(12, 13, 14, 17), curly: variants(11, 18), ponytail: variants(15, 16) },
  },
  // The style's eyes and glasses are one drawing.
  looks: {
    none: { default: variants(16, 11, 1), surprised: variants(6, 2), hearts: variants(7), happy: variants(5), side: variants(4), closed: variants(3) },
    square: { default: variants(15) }, round: { default: variants(14) }, sunglasses: { hidden: variants(9) },
  },
  mouths: {
    smile: variants(16, 11, 7, 4, 2), serious: variants(6, 1), sad: variants(18), concerned: variants(15, 14), grimace: variants(12), open: variants(10),
  },
};

export function croodles(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, CROODLES.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.glasses = random.weighted({ none: 65, round: 13, square: 12, sunglasses: 10 });
  a.eyes = random.pick(Object.keys(CROODLES.looks[a.glasses]));
  a.mouth = random.weighted({ smile: 4, serious: 2, sad: 2, concerned: 2, grimace: 1, open: 3 });
  const drawing = svg('croodles', seed, {
    top: [hair.part],
    topColor: [HAIR_COLORS[a.hairColor].hex],
    eyes: [random.pick(CROODLES.looks[a.glasses][a.eyes])],
    mouth: [random.pick(CROODLES.mouths[a.mouth])],
    baseColor: [random.pick(['ffffff', 'ffffff', 'ffe4c0', 'd9a066'])],
    beardProbability: 0,
    mustacheProbability: 0,
    scale: 92,
    translateY: 3,
  });
  return { attributes: a, svg: drawing };
}
