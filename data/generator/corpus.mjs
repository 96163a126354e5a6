// The training corpus: square pictures of all styles with their attributes and captions.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { captions } from './captions.mjs';
import { Random, hash } from './random.mjs';
import { compose, surroundings } from './scenes.mjs';
import { STYLES } from './styles.mjs';

const MAIN_STYLE = 'avataaars';
const MAIN_SHARE = 0.37;
const NEW_STYLE = 'lorelei'; // which only the LoRA learns

/** True for the combinations of hair colour, clothing and background that training never sees. */
export function isHeldOut(style, { hairColor, clothing, background }) {
  return style === MAIN_STYLE && hash(`${hairColor}|${clothing}|${background}`) % 12 === 0;
}

/** Draws picture number `index` of a style: its SVG, attributes, captions and split. */
export function picture(seed, style, index) {
  const own = `${seed}/${style}/${index}`;
  const random = new Random(own);
  const { svg: avatar, attributes: drawn } = STYLES[style](random, own);
  const attributes = { ...drawn, ...surroundings(own, drawn.background) };
  return { svg: compose(own, attributes, avatar), split: split(style, index, attributes), attributes, captions: captions(style, attributes, random) };
}

/** Of the main style whole combinations are held out, of the others every 25th picture. */
function split(style, index, attributes) {
  if (style !== MAIN_STYLE && index % 25 === 7) return style === NEW_STYLE ? 'lora-heldout' : 'heldout';
  return style === NEW_STYLE ? 'lora' : isHeldOut(style, attributes) ? 'heldout' : 'train';
}

/** Renders SVG to PNG bytes of the given width. */
export function png(svg, width) {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } }).render().asPng();
}

function plan(count, loraCount) {
  const tasks = [];
  const others = Object.keys(STYLES).length - 2; // which share what the main style leaves
  for (const style of Object.keys(STYLES)) {
    const share = style === MAIN_STYLE ? MAIN_SHARE : (1 - MAIN_SHARE) / others;
    const number = style === NEW_STYLE ? loraCount : Math.round(count * share);
    for (let index = 0; index < number; index++) tasks.push({ style, index });
  }
  return tasks;
}

const fileName = ({ style, index }) => `${style}/${String(index).padStart(6, '0')}.png`;

/** Writes the pictures and corpus.jsonl into `output`. */
export async function writeCorpus({ output, count, loraCount, size, seed, threads = 2 }) {
  const tasks = plan(count, loraCount);
  for (const style of new Set(tasks.map((task) => task.style))) await mkdir(join(output, style), { recursive: true });
  const lines = new Array(tasks.length);
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => new Promise((resolve, reject) => {
      const own = tasks.map((task, position) => ({ ...task, position })).filter(({ position }) => position % threads === thread);
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { tasks: own, output, size, seed } });
      worker.on('message', ({ position, line }) => { lines[position] = line; });
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A rendering thread ended with ${code}`))));
    })),
  );
  const target = join(output, 'corpus.jsonl');
  await writeFile(`${target}.part`, lines.join('\n') + '\n');
  await rename(`${target}.part`, target);
  return lines.length;
}

async function renderTasks({ tasks, output, size, seed }) {
  for (const task of tasks) {
    const { svg, split, attributes, captions: texts } = picture(seed, task.style, task.index);
    await writeFile(join(output, fileName(task)), png(svg, size));
    const line = JSON.stringify({ file_name: fileName(task), style: task.style, split, attributes, captions: texts });
    parentPort.postMessage({ position: task.position, line });
  }
}

if (!isMainThread) await renderTasks(workerData);
