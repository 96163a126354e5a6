import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { SKIN, background, clothingColor, drawHair, glasses, hairColor, svg } from './drawing.mjs';

const OPEN_PEEPS = {
  // Only these heads have hair that takes a colour; all the others are black.
  colored: {
    boy: { short: ['grayShort', 'short4'], mohawk: ['mohawk'] },
    girl: { bob: ['bangs', 'grayMedium'], bun: ['grayBun'], longCurly: ['mediumBangs2'] },
  },
  black: {
    boy: { short: ['short1', 'short2', 'short5', 'shaved2'], quiff: ['pomp', 'flatTop'], shortCurly: ['twists', 'twists2'] },
    girl: { long: ['long', 'mediumStraight', 'longBangs', 'medium3'], bob: ['bangs2', 'medium1'], bun: ['bun2', 'buns'] },
    person: { afro: ['afro'], dreads: ['dreads1', 'dreads2'] },
  },
  faces: {
    smile: ['default', 'smile'], calm: ['happy', 'smile'], cute: ['happy', 'smile'], eyesClosed: ['closed', 'serious'],
    lovingGrin1: ['hearts', 'smile'], lovingGrin2: ['hearts', 'smile'], concerned: ['default', 'concerned'],
    concernedFear: ['default', 'concerned'], explaining: ['default', 'open'], rage: ['surprised', 'open'],
    awe: ['surprised', 'smile'], serious: ['squint', 'serious'], solemn: ['closed', 'sad'], smileBig: ['happy', 'grimace'],
    smileLOL: ['cry', 'open'], tired: ['squint', 'serious'], hectic: ['surprised', 'concerned'],
  },
  glasses: { round: ['glasses2', 'glasses5'], square: ['glasses3', 'glasses4'], sunglasses: ['sunglasses', 'sunglasses2'] },
};

export function openPeeps(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = a.hairColor === 'black' && random.chance(0.7)
    ? drawHair(random, OPEN_PEEPS.black, { boy: 45, girl: 45, person: 10 })
    : drawHair(random, OPEN_PEEPS.colored, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = 'tshirt';
  a.clothingColor = clothingColor(random);
  a.glasses = glasses(random);
  const face = random.pick(Object.keys(OPEN_PEEPS.faces));
  [a.eyes, a.mouth] = OPEN_PEEPS.faces[face];
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  const drawing = svg('openPeeps', seed, {
    head: [hair.part],
    headContrastColor: [HAIR_COLORS[a.hairColor].hex],
    clothingColor: [CLOTHING_COLORS[a.clothingColor].hex],
    face: [face],
    skinColor: [random.weighted(SKIN)],
    accessories: a.glasses === 'none' ? [] : [random.pick(OPEN_PEEPS.glasses[a.glasses])],
    accessoriesProbability: a.glasses === 'none' ? 0 : 100,
    facialHairProbability: 0,
    maskProbability: 0,
    scale: 92,
    translateY: 4,
  });
  return { attributes: a, svg: drawing };
}
