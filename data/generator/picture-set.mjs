// The picture set that ships: captioned pictures of one style in many sizes and shapes, some of them unfit for training.

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { chinese } from './captions.mjs';
import { png } from './corpus.mjs';
import { Random } from './random.mjs';
import { compose, surroundings } from './scenes.mjs';
import { lorelei, ONE_HAND } from './styles/lorelei.mjs';

const STYLE = 'lorelei';
const AUTHOR = 'Lisa Wischofsky (head), kolors4j (clothes)';
const LICENSE = 'CC0-1.0';

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const even = (number) => number - (number % 2);

/** What is made of each picture: its width and height, and for a few what is special or broken about it. */
function plan(random) {
  const side = () => even(random.integer(1024, 1120));
  const small = () => even(random.integer(300, 1000));
  const oblong = (short, ratio) => {
    const long = even(Math.round(short * ratio));
    return random.chance(0.5) ? [long, short] : [short, long];
  };
  const jobs = [
    // fit for training: both sides at least 1024 pixels, aspect ratio from 0.5 to 2
    ...times(40, () => [1024, 1024]),
    ...times(240, () => { const s = side(); return [s, s]; }),
    ...times(44, () => oblong(side(), 1.02 + 0.26 * random.next())),
    ...times(12, () => oblong(1024, 1.35 + 0.2 * random.next())),
    ...times(3, () => { const s = even(random.integer(1400, 1600)); return [s, s]; }),
    // too small
    ...times(30, () => { const s = small(); return [s, s]; }),
    ...times(12, () => [small(), small()].sort((a, b) => a - b)).map(([a, b]) => [a, Math.min(b, 2 * a)]),
    ...times(10, () => { const short = even(random.integer(700, 1000)); return random.chance(0.5) ? [short, 1200] : [1200, short]; }),
    // too wide or too tall, large enough or not
    ...times(14, () => oblong(even(random.integer(1024, 1100)), 2.05 + 0.35 * random.next())),
    ...times(14, () => oblong(even(random.integer(300, 700)), 2.1 + 0.9 * random.next())),
    // tiny
    ...[[1, 1], [2, 2], [16, 16], [32, 32], [64, 24], [8, 64]],
  ].map(([width, height]) => ({ width, height, palette: width >= 1024 && height >= 1024 && random.chance(0.85) }));
  for (const special of ['exif', 'grayscale', 'png']) jobs.push({ width: 1080, height: special === 'exif' ? 1200 : 1080, special });
  for (const broken of ['half', 'stub', 'empty', 'text', 'page', 'cut-png']) jobs.push({ width: 1100, height: 1100, broken });
  return random.shuffle(jobs);
}

async function encode(svg, { width, height, palette, special, broken }) {
  let image = sharp(png(svg, Math.max(width, 16))).removeAlpha().resize(width, height, { fit: 'fill' });
  if (palette) return image.png({ palette: true, colours: 32, dither: 0, effort: 10 }).toBuffer();
  if (special === 'png') return image.png({ compressionLevel: 9 }).toBuffer();
  if (special === 'grayscale') image = image.toColourspace('b-w');
  if (special === 'exif') image = sharp(await image.png().toBuffer()).rotate(270).withMetadata({ orientation: 6 });
  if (broken === 'empty') return Buffer.alloc(0);
  if (broken === 'text') return Buffer.from('This is a text, not a picture, whatever its name says.\n');
  if (broken === 'page') return Buffer.from('<!doctype html><title>404</title><p>The picture has moved.</p>\n');
  if (broken === 'cut-png') {
    const whole = await image.png().toBuffer();
    return whole.subarray(0, Math.floor(whole.length * 0.6));
  }
  const whole = await image.jpeg({ quality: 62, mozjpeg: true }).toBuffer();
  if (broken === 'half') return whole.subarray(0, Math.floor(whole.length / 2));
  if (broken === 'stub') return whole.subarray(0, 400);
  return whole;
}

/** Writes `output`/train with the pictures and their metadata.jsonl; returns a sentence for the user. */
export async function writePictureSet({ output, seed }) {
  const folder = join(output, 'train');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const jobs = plan(new Random(`${seed}/picture-set`));
  const lines = [];
  let bytes = 0;
  for (const [index, job] of jobs.entries()) {
    const own = `${seed}/picture-set/${index}`;
    const random = new Random(own);
    const { svg: avatar, attributes: drawn } = lorelei(random, own, ONE_HAND);
    const attributes = { ...drawn, ...surroundings(own, drawn.background) };
    const extension = job.palette || /png/.test(job.special ?? job.broken ?? '') ? 'png' : 'jpg';
    const name = `${String(index + 1).padStart(4, '0')}.${extension}`;
    await writeFile(join(folder, name), await encode(compose(own, attributes, avatar, job.width, job.height), job));
    bytes += (await stat(join(folder, name))).size;
    const text = chinese(STYLE, attributes, random);
    lines.push(JSON.stringify({ file_name: name, text, author: AUTHOR, license: LICENSE, attributes }));
  }
  await writeFile(join(folder, 'metadata.jsonl'), lines.join('\n') + '\n');
  return `${jobs.length} pictures (${(bytes / 1e6).toFixed(1)} MB) are in ${folder}`;
}
