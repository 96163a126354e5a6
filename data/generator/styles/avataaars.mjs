import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { SKIN, background, clothingColor, drawHair, glasses, hairColor, svg } from './drawing.mjs';

const AVATAAARS = {
  hair: {
    boy: {
      middlePart: ['shaggy', 'shaggyMullet'],
      short: ['shortFlat', 'shortRound', 'shortFlat'],
      quiff: ['shortWaved', 'frizzle'],
      shortCurly: ['shortCurly', 'dreads01'],
      crop: ['theCaesar', 'theCaesarAndSidePart'],
      spiky: ['dreads02'],
    },
    girl: {
      bob: ['bob', 'miaWallace', 'longButNotTooLong'],
      bun: ['bun'],
      curly: ['curly'],
      longCurly: ['curvy', 'bigHair'],
      long: ['straight01', 'straight02', 'straightAndStrand'],
    },
    person: { afro: ['fro', 'froBand'], dreads: ['dreads'] },
  },
  hats: { hat: ['hat'], winterHat: ['winterHat1', 'winterHat02', 'winterHat03', 'winterHat04'], hijab: ['hijab'], turban: ['turban'] },
  clothing: {
    overall: ['overall'],
    suit: ['blazerAndShirt', 'blazerAndSweater'],
    hoodie: ['hoodie'],
    graphicShirt: ['graphicShirt'],
    tshirt: ['shirtCrewNeck', 'shirtVNeck', 'shirtScoopNeck'],
    sweater: ['collarAndSweater'],
  },
  glasses: { round: ['round'], square: ['prescription01', 'prescription02'], sunglasses: ['kurt', 'sunglasses', 'wayfarers'] },
  mouths: {
    smile: ['smile', 'smile', 'twinkle'], serious: ['serious'], open: ['screamOpen'], sad: ['sad'],
    concerned: ['concerned'], tongue: ['tongue'], grimace: ['grimace'], neutral: ['default'],
  },
};

export function avataaars(random, seed) {
  const a = { hairColor: 'none', background: background(random), hat: 'none' };
  const options = {};
  if (random.chance(0.06)) {
    a.who = 'person';
    a.hat = random.weighted({ winterHat: 4, hat: 2, hijab: 2, turban: 2 });
    a.hatColor = random.pick(Object.keys(CLOTHING_COLORS));
    options.top = [random.pick(AVATAAARS.hats[a.hat])];
    options.hatColor = [CLOTHING_COLORS[a.hatColor].hex];
  } else {
    const hair = drawHair(random, AVATAAARS.hair, { boy: 52, girl: 40, person: 8 });
    Object.assign(a, { hairColor: hairColor(random), hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
    options.top = [hair.part];
    options.hairColor = [HAIR_COLORS[a.hairColor].hex];
  }
  a.clothing = random.weighted({ overall: 20, suit: 20, hoodie: 15, graphicShirt: 13, tshirt: 18, sweater: 14 });
  a.clothingColor = clothingColor(random, a.clothing);
  a.glasses = glasses(random);
  a.eyes = random.weighted({ default: 24, closed: 13, hearts: 11, happy: 12, cry: 7, wink: 8, surprised: 9, squint: 8, side: 8 });
  a.mouth = random.weighted({ smile: 26, serious: 16, open: 17, sad: 8, concerned: 14, tongue: 5, grimace: 5, neutral: 9 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  const drawing = svg('avataaars', seed, {
    ...options,
    clothing: [random.pick(AVATAAARS.clothing[a.clothing])],
    clothesColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [a.eyes === 'hidden' ? 'default' : a.eyes],
    eyebrows: /sad|concerned/.test(a.mouth) ? ['sadConcerned'] : ['default', 'defaultNatural', 'raisedExcited'],
    mouth: [random.pick(AVATAAARS.mouths[a.mouth])],
    skinColor: [random.weighted(SKIN)],
    accessories: a.glasses === 'none' ? [] : [random.pick(AVATAAARS.glasses[a.glasses])],
    accessoriesProbability: a.glasses === 'none' ? 0 : 100,
    accessoriesColor: ['262e33'],
    facialHairProbability: 0,
    topProbability: 100,
  });
  return { attributes: a, svg: drawing };
}
