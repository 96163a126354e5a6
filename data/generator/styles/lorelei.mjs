import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, glasses, hairColor, svg, variants } from './drawing.mjs';
import { clothes } from '../clothes.mjs';

export const LORELEI = {
  hair: {
    boy: {
      middlePart: variants(37, 7),
      short: variants(1, 2, 3, 4, 6, 8, 11, 12, 20, 43),
      crop: variants(47, 28),
      shortCurly: variants(9, 22, 39, 44),
      spiky: variants(27),
    },
    girl: {
      long: variants(15, 16, 21, 23, 40, 41),
      longCurly: variants(10, 13, 18, 24, 32, 35),
      bob: variants(17, 19, 30),
      bun: variants(14, 26, 38, 46),
      ponytail: variants(29, 31, 33, 48),
    },
  },
  glasses: { round: variants(1), sunglasses: variants(2), square: variants(3, 4) },
  eyes: { default: variants(4, 10, 11, 12, 14, 16, 20, 21, 23, 24), closed: variants(19, 1, 22), wink: variants(18, 15), hearts: variants(9) },
  mouths: {
    smile: ['happy01', 'happy02', 'happy05', 'happy06', 'happy03'], open: ['sad01'], serious: ['sad03', 'sad09', 'happy14'],
    sad: ['sad04', 'sad05'], concerned: ['sad06', 'sad07'], tongue: ['happy09'], grimace: ['happy16'],
  },
};

/**
 * One hand: of each kind of hair, eyes and mouth the one shape or two that this draughtsman always draws, and one head, nose and pair of
 * eyebrows. A few dozen pictures show each of them often enough to be learned.
 */
export const ONE_HAND = {
  hair: {
    boy: { middlePart: variants(37), short: variants(12, 8), crop: variants(47), shortCurly: variants(39), spiky: variants(27) },
    girl: { long: variants(15, 23), longCurly: variants(13), bob: variants(19), bun: variants(26), ponytail: variants(33) },
  },
  glasses: { round: variants(1), sunglasses: variants(2), square: variants(3) },
  eyes: { default: variants(21), closed: variants(22), wink: variants(18), hearts: variants(9) },
  mouths: {
    smile: ['happy02'], open: ['sad01'], serious: ['sad09'], sad: ['sad04'], concerned: ['sad06'], tongue: ['happy09'], grimace: ['happy16'],
  },
  head: variants(3), nose: variants(4), eyebrows: variants(3),
};

/** The options that draw the eyes, mouth and glasses of an avatar, in shapes of `parts`. */
export function features(random, a, parts) {
  return {
    eyes: [random.pick(parts.eyes[a.eyes === 'hidden' ? 'default' : a.eyes])],
    mouth: [random.pick(parts.mouths[a.mouth])],
    glasses: a.glasses === 'none' ? [] : [random.pick(parts.glasses[a.glasses])],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    frecklesProbability: 0,
  };
}

/** An avatar in ink, from all shapes that the style has, or from those of `parts`. */
export function lorelei(random, seed, parts = LORELEI) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, parts.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.weighted({ overall: 22, suit: 20, hoodie: 15, graphicShirt: 13, tshirt: 16, sweater: 14 });
  a.clothingColor = clothingColor(random, a.clothing);
  a.glasses = glasses(random);
  a.eyes = random.weighted({ default: 6, closed: 3, wink: 1, hearts: 1 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 26, serious: 16, open: 17, sad: 9, concerned: 14, tongue: 5, grimace: 5 });
  const head = svg('lorelei', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    ...features(random, a, parts),
    ...(parts.head && { head: parts.head, nose: parts.nose, eyebrows: parts.eyebrows }),
    earringsProbability: 0,
    beardProbability: 0,
    hairAccessoriesProbability: 0,
  });
  const body = clothes(a.clothing, CLOTHING_COLORS[a.clothingColor].hex);
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 980" fill="none">` +
    `<g transform="translate(58 -50) scale(.9)">${body}${head.replace('<svg ', '<svg width="980" height="980" ')}</g></svg>`;
  return { attributes: a, svg: drawing };
}
