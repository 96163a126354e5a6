// Prompts for evaluation, from combinations of hair colour, clothing and background that training never sees.

import { rename, writeFile } from 'node:fs/promises';
import { complete } from './captions.mjs';
import { isHeldOut } from './corpus.mjs';
import { Random } from './random.mjs';
import { surroundings } from './scenes.mjs';
import { STYLES } from './styles.mjs';
import { EYES } from './vocabulary.mjs';

/** Writes `count` different prompts, each with the attributes that a picture of it must show. */
export async function writeHeldOutPrompts({ output, seed, count }) {
  const lines = new Map();
  for (let index = 0; lines.size < count; index++) {
    const random = new Random(`${seed}/heldout-prompts/${index}`);
    const { attributes: drawn } = STYLES.avataaars(random, '');
    const attributes = { ...drawn, ...surroundings(`${seed}/heldout-prompts/${index}`, drawn.background) };
    if (!isHeldOut('avataaars', attributes) || attributes.hairColor === 'none' || !EYES[attributes.eyes]) continue;
    if (attributes.glasses === 'none' && random.chance(0.5)) continue; // so that glasses are asked for often enough
    const { who, hairStyle, hairColor, clothing, clothingColor, eyes, mouth, glasses, background, scene, prop } = attributes;
    const asked = { who, hairStyle, hairColor, clothing, clothingColor, eyes, mouth, glasses, background, scene, prop };
    const prompt = complete('avataaars', attributes, random);
    lines.set(prompt, JSON.stringify({ prompt, attributes: asked }));
  }
  await writeFile(`${output}.part`, [...lines.values()].join('\n') + '\n');
  await rename(`${output}.part`, output);
  return lines.size;
}
