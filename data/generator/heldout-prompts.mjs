// Prompts for evaluation, each with the attributes that a picture of it must show.

import { rename, writeFile } from 'node:fs/promises';
import { complete } from './captions.mjs';
import { isHeldOut } from './corpus.mjs';
import { Random } from './random.mjs';
import { surroundings } from './scenes.mjs';
import { STYLES } from './styles.mjs';
import { EYES, MOUTHS } from './vocabulary.mjs';

const MAIN_STYLE = 'avataaars';
const NEW_STYLE = 'lorelei'; // which the base does not know

/** What the prompt says of an avatar, and nothing else: a mouth or eyes without words may be any. */
function asked(style, { who, hairStyle, hairColor, clothing, clothingColor, eyes, mouth, glasses, background, scene, prop }) {
  const said = { eyes: EYES[eyes] ? eyes : undefined, mouth: MOUTHS[mouth] ? mouth : undefined };
  return { style, who, hairStyle, hairColor, clothing, clothingColor, ...said, glasses, background, scene, prop };
}

function drawn(style, seed) {
  const random = new Random(seed);
  const { attributes } = STYLES[style](random, '');
  return { random, attributes: { ...attributes, ...surroundings(seed, attributes.background) } };
}

async function write(output, lines) {
  await writeFile(`${output}.part`, [...lines.values()].join('\n') + '\n');
  await rename(`${output}.part`, output);
  return lines.size;
}

/** Writes `count` different prompts of combinations of hair colour, clothing and background that training never sees. */
export async function writeHeldOutPrompts({ output, seed, count }) {
  const lines = new Map();
  for (let index = 0; lines.size < count; index++) {
    const { random, attributes } = drawn(MAIN_STYLE, `${seed}/heldout-prompts/${index}`);
    if (!isHeldOut(MAIN_STYLE, attributes) || attributes.hairColor === 'none' || !EYES[attributes.eyes]) continue;
    if (attributes.glasses === 'none' && random.chance(0.5)) continue; // so that glasses are asked for often enough
    const prompt = complete(MAIN_STYLE, attributes, random);
    lines.set(prompt, JSON.stringify({ prompt, attributes: asked(MAIN_STYLE, attributes) }));
  }
  return write(output, lines);
}

/** Writes `count` different prompts of all styles of the base in turn. */
export async function writeStylePrompts({ output, seed, count }) {
  const styles = Object.keys(STYLES).filter((style) => style !== NEW_STYLE && style !== 'loreleiNeutral'); // which has no hair to ask for
  const lines = new Map();
  for (let index = 0; lines.size < count; index++) {
    const style = styles[lines.size % styles.length];
    const { random, attributes } = drawn(style, `${seed}/style-prompts/${index}`);
    if (attributes.hairColor === 'none') continue;
    const prompt = complete(style, attributes, random);
    lines.set(prompt, JSON.stringify({ prompt, attributes: asked(style, attributes) }));
  }
  return write(output, lines);
}
