import { background, glasses, svg } from './drawing.mjs';
import { features, LORELEI } from './lorelei.mjs';

/**
 * The features of a face, in ink on white: what stands in the middle of a portrait, alone and at several sizes. It has neither hair nor
 * clothes.
 */
export function loreleiNeutral(random, seed) {
  const a = { hairColor: 'none', background: background(random), hat: 'none', who: 'person', glasses: glasses(random) };
  a.eyes = random.weighted({ default: 6, closed: 3, wink: 2, hearts: 2 });
  if (a.glasses === 'sunglasses') a.eyes = 'hidden';
  a.mouth = random.weighted({ smile: 4, serious: 3, open: 3, sad: 3, concerned: 3, tongue: 2, grimace: 2 });
  const face = svg('loreleiNeutral', seed, features(random, a, LORELEI));
  const scale = 0.55 + 0.4 * random.next();
  const left = (600 - 600 * scale) * random.next();
  const top = (600 - 600 * scale) * random.next();
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" fill="none"><g transform="translate(${left} ${top}) scale(${scale})">` +
    `<ellipse cx="300" cy="310" rx="240" ry="270" fill="#fff" stroke="#000" stroke-width="12"/>` +
    `${face.replace('<svg ', '<svg width="600" height="600" ')}</g></svg>`;
  return { attributes: a, svg: drawing };
}
