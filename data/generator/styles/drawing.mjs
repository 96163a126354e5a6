// What the styles share: how often an attribute takes which value, and the call of the library that draws.

import { createAvatar } from '@dicebear/core';
import * as collection from '@dicebear/collection';
import { BACKGROUNDS, CLOTHING_COLORS, HAIR_COLORS } from '../vocabulary.mjs';

/** Names of parts as most styles have them: numbered('short', 4) is short04. */
export const numbered = (kind, ...numbers) => numbers.map((n) => `${kind}${String(n).padStart(2, '0')}`);
export const variants = (...numbers) => numbered('variant', ...numbers);
export const even = (values) => Object.fromEntries(values.map((value) => [value, 1]));
export const SKIN = { ffdbb4: 5, edb98a: 4, d08b5b: 2, ae5d29: 1 };

/** Blue hair is what the story asks for, so it is met more often than the others. */
export function hairColor(random) {
  return random.weighted({ ...even(Object.keys(HAIR_COLORS)), blue: 1.6 });
}

export const background = (random) => random.pick(Object.keys(BACKGROUNDS));
export const glasses = (random) => random.weighted({ none: 65, round: 13, square: 12, sunglasses: 10 });

export function clothingColor(random, clothing) {
  const weights = even(Object.keys(CLOTHING_COLORS));
  if (clothing === 'overall') weights.blue = 3;
  if (clothing === 'suit') weights.black = 3;
  return random.weighted(weights);
}

/** Hair styles as {who: {name in the vocabulary: [names in the style]}}, drawn by person first. */
export function drawHair(random, hair, weights) {
  const who = random.weighted(weights);
  const names = Object.keys(hair[who]);
  const count = Object.fromEntries(names.map((name) => [name, name === 'middlePart' ? 5 : hair[who][name].length]));
  const hairStyle = random.weighted(count);
  return { who, hairStyle, part: random.pick(hair[who][hairStyle]) };
}

/** The drawing of an avatar without a background. */
export function svg(style, seed, options) {
  return createAvatar(collection[style], { seed, backgroundColor: [], ...options }).toString();
}

/** Colours what is black in one top-level group of the drawing, given by where it is placed. */
export function recolor(drawing, placement, from, to) {
  const start = drawing.indexOf(`<g transform="${placement}">`);
  if (start < 0) throw new Error(`The drawing has no group at ${placement}: has the style's package changed?`);
  const end = drawing.indexOf('<g transform="translate(', start + 1);
  return drawing.slice(0, start) + drawing.slice(start, end).replaceAll(from, to) + drawing.slice(end);
}

