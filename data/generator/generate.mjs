// node generate.mjs corpus --output FOLDER [--count 14000] [--lora-count 1500] [--size 256] [--seed kolors4j]
// node generate.mjs picture-set --output FOLDER [--seed kolors4j]
// node generate.mjs heldout-prompts --output FILE [--count 300] [--seed kolors4j]
// node generate.mjs style-prompts --output FILE [--count 156] [--seed kolors4j]

import { parseArgs } from 'node:util';

const USAGE = `Usage:
  node generate.mjs corpus --output FOLDER [--count 14000] [--lora-count 1500] [--size 256] [--seed TEXT]
  node generate.mjs picture-set --output FOLDER [--seed TEXT]
  node generate.mjs heldout-prompts --output FILE [--count 300] [--seed TEXT]
  node generate.mjs style-prompts --output FILE [--count 156] [--seed TEXT]`;

function integer(name, text) {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`--${name} wants a whole number, not "${text}".\n${USAGE}`);
  return Number(text);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: { type: 'string' },
      count: { type: 'string' },
      'lora-count': { type: 'string', default: '1500' },
      size: { type: 'string', default: '256' },
      seed: { type: 'string', default: 'kolors4j' },
    },
  });
  const { output, seed } = values;
  const [command] = positionals;
  if (!output) throw new Error(`--output is missing.\n${USAGE}`);
  if (command === 'corpus') {
    const { writeCorpus } = await import('./corpus.mjs');
    const number = await writeCorpus({
      output,
      seed,
      count: integer('count', values.count ?? '14000'),
      loraCount: integer('lora-count', values['lora-count']),
      size: integer('size', values.size),
    });
    console.log(`${number} pictures and corpus.jsonl are in ${output}`);
  } else if (command === 'picture-set') {
    const { writePictureSet } = await import('./picture-set.mjs');
    console.log(await writePictureSet({ output, seed }));
  } else if (command === 'heldout-prompts' || command === 'style-prompts') {
    const { writeHeldOutPrompts, writeStylePrompts } = await import('./heldout-prompts.mjs');
    const [write, usual] = command === 'heldout-prompts' ? [writeHeldOutPrompts, '300'] : [writeStylePrompts, '156'];
    const number = await write({ output, seed, count: integer('count', values.count ?? usual) });
    console.log(`${number} prompts are in ${output}`);
  } else {
    throw new Error(`"${command ?? ''}" is no command.\n${USAGE}`);
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
