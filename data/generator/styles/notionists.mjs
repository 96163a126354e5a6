import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, glasses, hairColor, recolor, svg, variants } from './drawing.mjs';

const NOTIONISTS = {
  hair: {
    boy: {
      short: variants(55, 54, 38, 27, 25, 24, 21, 19, 18, 16, 13, 7, 6, 5, 1),
      crop: variants(60, 49),
      spiky: variants(53, 52, 51, 50),
      quiff: variants(56, 44, 35, 32, 26),
      shortCurly: variants(40, 34, 33, 31, 22, 17),
    },
    girl: {
      long: variants(58, 46, 41, 39, 10, 8),
      bob: variants(43, 37, 36, 28, 23, 4, 2),
      bun: variants(59, 57, 48),
      ponytail: variants(47, 45),
      curly: variants(20, 11),
    },
  },
  clothing: {
    tshirt: variants(21, 3), hoodie: variants(23, 24), suit: variants(16), sweater: variants(14, 12), graphicShirt: variants(22, 15),
  },
  glasses: { round: variants(11), square: variants(3, 8), sunglasses: variants(1, 2, 9, 10) },
};

export function notionists(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, NOTIONISTS.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.pick(Object.keys(NOTIONISTS.clothing));
  a.clothingColor = clothingColor(random, a.clothing);
  while (a.clothingColor === 'black') a.clothingColor = clothingColor(random); // black would hide the drawing's lines
  a.glasses = glasses(random);
  let drawing = svg('notionists', seed, {
    hair: [hair.part],
    body: [random.pick(NOTIONISTS.clothing[a.clothing])],
    glasses: a.glasses === 'none' ? [] : [random.pick(NOTIONISTS.glasses[a.glasses])],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    beardProbability: 0,
    gestureProbability: 0,
    bodyIconProbability: 0,
  });
  drawing = recolor(drawing, 'translate(266 207)', '#000', `#${HAIR_COLORS[a.hairColor].hex}`);
  drawing = recolor(drawing, 'translate(178 1057)', '#fff', `#${CLOTHING_COLORS[a.clothingColor].hex}`);
  return { attributes: a, svg: drawing };
}
