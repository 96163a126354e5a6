import { HAIR_COLORS } from '../vocabulary.mjs';
import { background, drawHair, hairColor, svg } from './drawing.mjs';

const BIG_SMILE = {
  hair: {
    boy: { short: ['shortHair', 'bowlCutHair'], crop: ['shavedHead'], shortCurly: ['curlyShortHair'] },
    girl: { bob: ['wavyBob', 'bangs'], curly: ['curlyBob'], long: ['straightHair'], bun: ['bunHair'] },
  },
  eyes: { default: ['normal', 'cheery'], hearts: ['starstruck'], wink: ['winking'], closed: ['sleepy'] },
  mouths: { smile: ['teethSmile', 'kawaii', 'gapSmile'], open: ['openedSmile'], sad: ['openSad'], serious: ['unimpressed'] },
};

export function bigSmile(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none' };
  const hair = drawHair(random, BIG_SMILE.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  const accessory = random.weighted({ none: 65, glasses: 15, sunglasses: 12, catEars: 8 });
  a.glasses = /glasses/.test(accessory) ? accessory : 'none';
  if (accessory === 'catEars') a.hat = 'catEars';
  a.eyes = random.weighted({ default: 4, hearts: 2, wink: 2, closed: 3 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 4, open: 3, sad: 2, serious: 2 });
  const drawing = svg('bigSmile', seed, {
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
