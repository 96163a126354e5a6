import { HAIR_COLORS } from '../vocabulary.mjs';
import { background, drawHair, hairColor, svg } from './drawing.mjs';

const DYLAN = {
  hair: {
    boy: { short: ['plain'], quiff: ['wavy'], shortCurly: ['shortCurls'], middlePart: ['parting'], spiky: ['spiky'], crop: ['flatTop'] },
    girl: { bob: ['roundBob', 'bangs'], longCurly: ['longCurls', 'fluffy'], bun: ['buns'], long: ['shaggy'] },
  },
  moods: {
    happy: ['default', 'smile'], superHappy: ['default', 'open'], neutral: ['default', 'serious'], sad: ['default', 'sad'],
    angry: ['angry', 'sad'], confused: ['default', 'concerned'],
  },
};

export function dylan(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none', glasses: 'none' };
  const hair = drawHair(random, DYLAN.hair, { boy: 55, girl: 45 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  const mood = random.pick(Object.keys(DYLAN.moods));
  [a.eyes, a.mouth] = DYLAN.moods[mood];
  const drawing = svg('dylan', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    mood: [mood],
    skinColor: [random.pick(['ffd6c0', 'ffd6c0', 'c26450', '8d5524'])],
    facialHairProbability: 0,
    scale: 94,
  });
  return { attributes: a, svg: drawing };
}
