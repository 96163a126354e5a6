// One function a style: draws the attributes of a picture at random and renders them as SVG.

import { createAvatar } from '@dicebear/core';
import * as collection from '@dicebear/collection';
import { BACKGROUNDS, CLOTHING_COLORS, HAIR_COLORS } from './vocabulary.mjs';
import { clothes } from './clothes.mjs';

const variants = (...numbers) => numbers.map((n) => `variant${String(n).padStart(2, '0')}`);
const even = (values) => Object.fromEntries(values.map((value) => [value, 1]));
const SKIN = { ffdbb4: 5, edb98a: 4, d08b5b: 2, ae5d29: 1 };

/** Blue hair is what the story asks for, so it is met more often than the others. */
function hairColor(random) {
  return random.weighted({ ...even(Object.keys(HAIR_COLORS)), blue: 1.6 });
}

const background = (random) => random.pick(Object.keys(BACKGROUNDS));
const glasses = (random) => random.weighted({ none: 65, round: 13, square: 12, sunglasses: 10 });

function clothingColor(random, clothing) {
  const weights = even(Object.keys(CLOTHING_COLORS));
  if (clothing === 'overall') weights.blue = 3;
  if (clothing === 'suit') weights.black = 3;
  return random.weighted(weights);
}

/** Hair styles as {who: {name in the vocabulary: [names in the style]}}, drawn by person first. */
function drawHair(random, hair, weights) {
  const who = random.weighted(weights);
  const names = Object.keys(hair[who]);
  const count = Object.fromEntries(names.map((name) => [name, name === 'middlePart' ? 5 : hair[who][name].length]));
  const hairStyle = random.weighted(count);
  return { who, hairStyle, part: random.pick(hair[who][hairStyle]) };
}

function svg(style, seed, background, options) {
  return createAvatar(collection[style], {
    seed,
    backgroundColor: [BACKGROUNDS[background].hex],
    ...options,
  }).toString();
}

/** Colours what is black in one top-level group of the drawing, given by where it is placed. */
function recolor(drawing, placement, from, to) {
  const start = drawing.indexOf(`<g transform="${placement}">`);
  if (start < 0) throw new Error(`The drawing has no group at ${placement}: has the style's package changed?`);
  const end = drawing.indexOf('<g transform="translate(', start + 1);
  return drawing.slice(0, start) + drawing.slice(start, end).replaceAll(from, to) + drawing.slice(end);
}

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

function avataaars(random, seed) {
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
  const drawing = svg('avataaars', seed, a.background, {
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

function openPeeps(random, seed) {
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
  const drawing = svg('openPeeps', seed, a.background, {
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

function notionists(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, NOTIONISTS.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.pick(Object.keys(NOTIONISTS.clothing));
  a.clothingColor = clothingColor(random, a.clothing);
  while (a.clothingColor === 'black') a.clothingColor = clothingColor(random); // black would hide the drawing's lines
  a.glasses = glasses(random);
  let drawing = svg('notionists', seed, a.background, {
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

const MICAH = {
  hair: {
    boy: { quiff: ['fonze'], mohawk: ['mrT'], short: ['dannyPhantom'] },
    girl: { longCurly: ['full'], bob: ['pixie'] },
  },
  clothing: { tshirt: ['open', 'crew', 'collared'] },
  eyes: { default: ['eyes', 'round'], happy: ['smiling'] },
  mouths: { smile: ['smile', 'laughing', 'smirk'], open: ['surprised'], concerned: ['nervous'], sad: ['sad', 'frown'] },
};

function micah(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, MICAH.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = 'tshirt';
  a.clothingColor = clothingColor(random);
  a.glasses = random.weighted({ none: 65, round: 18, square: 17 });
  a.eyes = random.weighted({ default: 6, happy: 4 });
  a.mouth = random.weighted({ smile: 4, open: 3, concerned: 2, sad: 2 });
  const drawing = svg('micah', seed, a.background, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    hairProbability: 100,
    shirt: [random.pick(MICAH.clothing[a.clothing])],
    shirtColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [random.pick(MICAH.eyes[a.eyes])],
    mouth: [random.pick(MICAH.mouths[a.mouth])],
    baseColor: [random.pick(['f9c9b6', 'f9c9b6', 'ac6651'])],
    glasses: a.glasses === 'none' ? [] : [a.glasses],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    glassesColor: ['000000'],
    facialHairProbability: 0,
    earringsProbability: 0,
    scale: 95,
    translateY: 2.5,
  });
  return { attributes: a, svg: drawing };
}

const ADVENTURER = {
  hair: {
    boy: { short: ['short01', 'short02', 'short04', 'short06', 'short07', 'short10', 'short11', 'short14'], spiky: ['short15', 'short16'], shortCurly: ['short03', 'short08', 'short09', 'short17', 'short18'] },
    girl: { long: ['long01', 'long05', 'long07', 'long09', 'long26'], bob: ['long20', 'long21', 'long25', 'long02'], bun: ['long13', 'long23', 'long11'], longCurly: ['long17', 'long22', 'long24'], ponytail: ['long14', 'long15', 'long16', 'long19'] },
  },
  glasses: { sunglasses: variants(1), round: variants(2, 4), square: variants(5) },
  eyes: { default: variants(26, 25, 24, 12, 5, 3, 2, 1), happy: variants(19), closed: variants(20), squint: variants(16, 17) },
  mouths: { smile: variants(1, 5, 25, 26, 28, 30), open: variants(15), serious: variants(9, 10), tongue: variants(16) },
};

function adventurer(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, ADVENTURER.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.glasses = glasses(random);
  a.eyes = random.weighted({ default: 4, happy: 2, closed: 3, squint: 1 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 4, open: 2, serious: 2, tongue: 1 });
  const drawing = svg('adventurer', seed, a.background, {
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

const BIG_SMILE = {
  hair: {
    boy: { short: ['shortHair', 'bowlCutHair'], crop: ['shavedHead'], shortCurly: ['curlyShortHair'] },
    girl: { bob: ['wavyBob', 'bangs'], curly: ['curlyBob'], long: ['straightHair'], bun: ['bunHair'] },
  },
  eyes: { default: ['normal', 'cheery'], hearts: ['starstruck'], wink: ['winking'], closed: ['sleepy'] },
  mouths: { smile: ['teethSmile', 'kawaii', 'gapSmile'], open: ['openedSmile'], sad: ['openSad'], serious: ['unimpressed'] },
};

function bigSmile(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, BIG_SMILE.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  const accessory = random.weighted({ none: 65, glasses: 15, sunglasses: 12, catEars: 8 });
  a.glasses = /glasses/.test(accessory) ? accessory : 'none';
  if (accessory === 'catEars') a.hat = 'catEars';
  a.eyes = random.weighted({ default: 4, hearts: 2, wink: 2, closed: 3 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 4, open: 3, sad: 2, serious: 2 });
  const drawing = svg('bigSmile', seed, a.background, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    eyes: [random.pick(BIG_SMILE.eyes[a.eyes === 'hidden' ? 'default' : a.eyes])],
    mouth: [random.pick(BIG_SMILE.mouths[a.mouth])],
    skinColor: [random.pick(['ffe4c0', 'f5d7b1', 'e2ba87', 'a47539'])],
    accessories: accessory === 'none' ? [] : [accessory],
    accessoriesProbability: accessory === 'none' ? 0 : 100,
    scale: 88,
  });
  return { attributes: a, svg: drawing };
}

const LORELEI = {
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

function lorelei(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, LORELEI.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.weighted({ overall: 22, suit: 20, hoodie: 15, graphicShirt: 13, tshirt: 16, sweater: 14 });
  a.clothingColor = clothingColor(random, a.clothing);
  a.glasses = glasses(random);
  a.eyes = random.weighted({ default: 6, closed: 3, wink: 1, hearts: 1 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 26, serious: 16, open: 17, sad: 9, concerned: 14, tongue: 5, grimace: 5 });
  const head = svg('lorelei', seed, a.background, {
    backgroundColor: [],
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    eyes: [random.pick(LORELEI.eyes[a.eyes === 'hidden' ? 'default' : a.eyes])],
    mouth: [random.pick(LORELEI.mouths[a.mouth])],
    glasses: a.glasses === 'none' ? [] : [random.pick(LORELEI.glasses[a.glasses])],
    glassesProbability: a.glasses === 'none' ? 0 : 100,
    earringsProbability: 0,
    beardProbability: 0,
    frecklesProbability: 0,
    hairAccessoriesProbability: 0,
  });
  const body = clothes(a.clothing, CLOTHING_COLORS[a.clothingColor].hex);
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 980" fill="none">` +
    `<rect width="980" height="980" fill="#${BACKGROUNDS[a.background].hex}"/>` +
    `<g transform="translate(118 0) scale(.78)">${body}${head.replace('<svg ', '<svg width="980" height="980" ')}</g></svg>`;
  return { attributes: a, svg: drawing };
}

export const STYLES = { avataaars, openPeeps, notionists, micah, adventurer, bigSmile, lorelei };
