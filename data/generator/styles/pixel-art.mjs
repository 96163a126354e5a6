import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, hairColor, numbered, svg, variants } from './drawing.mjs';

const PIXEL_ART = {
  hair: {
    boy: { short: numbered('short', 22, 19, 17, 16, 15, 14, 10, 9, 7, 6, 3, 2, 1), spiky: numbered('short', 13, 12), mohawk: numbered('short', 21, 5), shortCurly: numbered('short', 11) },
    girl: {
      long: numbered('long', 13, 12, 9, 7, 3, 2, 1), bob: numbered('long', 21, 20, 16, 4), ponytail: numbered('long', 19, 18, 17, 6), bun: numbered('long', 5),
      curly: numbered('long', 15),
    },
  },
  clothing: { tshirt: variants(17, 14, 11, 8, 7, 5, 4), sweater: variants(12, 3), graphicShirt: variants(13, 6, 2) },
  mouths: { smile: numbered('happy', 11, 10, 9, 8, 7, 6), serious: numbered('sad', 7, 6, 5, 4), sad: numbered('sad', 9, 8, 3, 2, 1), open: numbered('happy', 13, 12, 1) },
  glasses: { square: numbered('light', 7, 6, 5, 3, 2, 1), sunglasses: numbered('dark', 7, 6, 5, 3, 2, 1) },
};

export function pixelArt(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, PIXEL_ART.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.pick(Object.keys(PIXEL_ART.clothing));
  a.clothingColor = clothingColor(random, a.clothing);
  a.glasses = random.weighted({ none: 65, square: 20, sunglasses: 15 });
  a.eyes = a.glasses === 'sunglasses' ? 'hidden' : 'default';
  a.mouth = random.weighted({ smile: 4, serious: 3, sad: 2, open: 2 });
  const drawing = svg('pixelArt', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    clothing: [random.pick(PIXEL_ART.clothing[a.clothing])],
    clothingColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: variants(9, 7, 6, 4, 3, 1),
    eyesColor: ['262e33'],
    mouth: [random.pick(PIXEL_ART.mouths[a.mouth])],
    mouthColor: ['c0392b'],
    skinColor: [random.pick(['ffdbac', 'ffdbac', 'e0ac69', '8d5524'])],
    glasses: a.glasses === 'none' ? [] : [random.pick(PIXEL_ART.glasses[a.glasses])],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    glassesColor: ['191919'],
    accessoriesProbability: 0,
    beardProbability: 0,
    hatProbability: 0,
  });
  return { attributes: a, svg: drawing };
}
