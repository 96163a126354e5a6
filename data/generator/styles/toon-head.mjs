import { CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';
import { background, clothingColor, drawHair, hairColor, svg } from './drawing.mjs';

const TOON_HEAD = {
  hair: { boy: { short: ['sideComed', 'undercut'], spiky: ['spiky'] }, girl: { bun: ['bun'], long: ['sideComed', 'undercut'], bob: ['sideComed', 'undercut'] } },
  rearHair: { long: ['longStraight'], bob: ['shoulderHigh', 'neckHigh'] },
  clothing: { sweater: ['turtleNeck', 'shirt'], suit: ['openJacket'], tshirt: ['tShirt'] },
  eyes: { default: 'happy', surprised: 'wide', happy: 'bow', closed: 'humble', wink: 'wink' },
  mouths: { smile: ['smile', 'laugh'], open: ['agape'], sad: ['sad'], grimace: ['angry'] },
};

export function toonHead(random, seed) {
  const a = { hairColor: hairColor(random), background: background(random), hat: 'none', glasses: 'none' };
  const hair = drawHair(random, TOON_HEAD.hair, { boy: 50, girl: 50 });
  Object.assign(a, { hairStyle: hair.hairStyle, hair: hair.part, who: hair.who });
  a.clothing = random.pick(Object.keys(TOON_HEAD.clothing));
  a.clothingColor = clothingColor(random, a.clothing);
  a.eyes = random.pick(Object.keys(TOON_HEAD.eyes));
  a.mouth = random.weighted({ smile: 4, open: 3, sad: 2, grimace: 1 });
  const rear = TOON_HEAD.rearHair[a.hairStyle];
  const drawing = svg('toonHead', seed, {
    hair: [hair.part],
    hairColor: [HAIR_COLORS[a.hairColor].hex],
    rearHair: rear ?? [],
    rearHairProbability: rear ? 100 : 0,
    clothes: [random.pick(TOON_HEAD.clothing[a.clothing])],
    clothesColor: [CLOTHING_COLORS[a.clothingColor].hex],
    eyes: [TOON_HEAD.eyes[a.eyes]],
    mouth: [random.pick(TOON_HEAD.mouths[a.mouth])],
    eyebrows: [a.mouth === 'sad' ? 'sad' : a.mouth === 'grimace' ? 'angry' : 'neutral'],
    skinColor: [random.pick(['f1c3a5', 'f1c3a5', 'c68e7a', '5c3829'])],
    beardProbability: 0,
    translateY: 2,
  });
  return { attributes: a, svg: drawing };
}
