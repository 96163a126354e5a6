// What stands behind (and in front of) an avatar: one colour, or a place drawn in that colour. Our own drawings (CC0 1.0).

import { Random } from './random.mjs';
import { BACKGROUNDS } from './vocabulary.mjs';

/** The side of the drawings' canvas. */
const SIDE = 256;
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join('');

const star = (x, y, r, fill) =>
  `<path transform="translate(${x} ${y}) scale(${r})" fill="${fill}" d="M0-1L.24-.32.95-.31.38.12.59.81 0 .4-.59.81-.38.12-.95-.31-.24-.32Z"/>`;

/** Each place by its background: called with random numbers, so that no two are the same. */
const PLACES = {
  // 练习室: a wooden floor, a mirror's frame and notes on the wall
  paleBlue: (random) => {
    const note = (x, y) =>
      `<g transform="translate(${x} ${y})" fill="#27496d"><ellipse rx="6" ry="4.5" transform="rotate(-20)"/><path d="M4-2h3v-24l12 4v6l-12-4z"/></g>`;
    return (
      `<rect y="196" width="256" height="60" fill="#c98f55"/><path d="M0 216H256M0 236H256" stroke="#a8713c" stroke-width="2"/>` +
      note(random.integer(18, 50), random.integer(60, 130)) + note(random.integer(200, 228), random.integer(40, 120)) + note(random.integer(20, 225), random.integer(28, 40))
    );
  },
  // 樱花树下: a branch with blossoms, falling petals
  pink: (random) => {
    const blossom = (x, y, r) =>
      `<g transform="translate(${x} ${y}) rotate(${random.integer(0, 71)}) scale(${r})">` +
      times(5, (i) => `<ellipse rx=".45" ry=".6" cy="-.55" transform="rotate(${72 * i})" fill="#fff"/>`) + `<circle r=".28" fill="#e8447e"/></g>`;
    return (
      `<path d="M0 ${random.integer(14, 30)}C70 10 170 44 256 ${random.integer(8, 30)}" stroke="#7a4a2e" stroke-width="7" fill="none"/>` +
      times(9, (i) => blossom(14 + 28 * i + random.integer(-6, 6), random.integer(10, 44), random.integer(9, 13))) +
      times(12, () => `<ellipse cx="${random.integer(4, 252)}" cy="${random.integer(60, 250)}" rx="5" ry="3" fill="#fff" />`)
    );
  },
  // 家中沙发: a sofa's back and arms, a picture on the wall
  yellow: (random) => {
    const x = random.chance(0.5) ? random.integer(12, 26) : random.integer(186, 200);
    return (
      `<rect x="${x}" y="${random.integer(18, 34)}" width="42" height="52" fill="#fff" stroke="#8a5a2b" stroke-width="5"/>` +
      `<rect x="6" y="150" width="244" height="120" rx="30" fill="#b5523b"/><path d="M128 156V256" stroke="#8e3c29" stroke-width="3"/>` +
      `<rect x="-14" y="186" width="44" height="90" rx="20" fill="#9c4431"/><rect x="226" y="186" width="44" height="90" rx="20" fill="#9c4431"/>`
    );
  },
  // 草地, 公园: grass, a sun and a cloud
  green: (random) => {
    const left = random.chance(0.5);
    const cloud = (x, y) => `<g transform="translate(${x} ${y})" fill="#fff"><circle r="13"/><circle cx="16" cy="-5" r="15"/><circle cx="33" r="12"/><rect x="-2" width="36" height="12"/></g>`;
    return (
      `<circle cx="${left ? 34 : 222}" cy="36" r="20" fill="#ffd23f"/>${cloud(left ? random.integer(186, 206) : random.integer(16, 36), random.integer(34, 60))}` +
      `<path d="M0 190C60 176 200 176 256 190V256H0Z" fill="#4f9d4a"/>` +
      times(10, (i) => `<path d="M${8 + 27 * i} ${random.integer(206, 214)}l4-12 4 12 4-12 4 12" stroke="#2f7a35" stroke-width="3" fill="none"/>`)
    );
  },
  // 观众席, 人山人海: heads in the dark, light sticks
  purple: (random) =>
    times(9, (i) => `<circle cx="${random.integer(-2, 4) + 32 * i}" cy="${random.integer(150, 160)}" r="17" fill="#7a55b5"/>`) +
    times(9, (i) => `<path d="M${18 + 30 * i} 150l${random.integer(-8, 8)}-${random.integer(34, 60)}" stroke="${random.pick(['#fff27a', '#7affea', '#ff7ad0'])}" stroke-width="5" stroke-linecap="round"/>`) +
    times(8, (i) => `<circle cx="${16 + 32 * i}" cy="${random.integer(184, 194)}" r="21" fill="#5b3a94"/>`) + `<rect y="200" width="256" height="56" fill="#5b3a94"/>`,
  // 夜空, 流星: stars, a moon, a shooting star
  night: (random) => {
    const left = random.chance(0.5);
    const x = left ? random.integer(20, 50) : random.integer(170, 200);
    const y = random.integer(20, 60);
    return (
      times(16, () => `<circle cx="${random.integer(4, 252)}" cy="${random.integer(4, 200)}" r="${random.integer(1, 2)}" fill="#fff"/>`) +
      times(5, () => star(random.integer(12, 244), random.integer(12, 190), random.integer(5, 8), '#ffe98a')) +
      `<path d="M${x} ${y}l36-14" stroke="#fff" stroke-width="4" stroke-linecap="round"/>${star(x, y, 10, '#fff27a')}` +
      `<path transform="translate(${left ? 210 : 40} 40)" d="M10-18A20 20 0 1 0 18 10 16 16 0 0 1 10-18Z" fill="#ffe98a"/>`
    );
  },
  // 舞台: striped curtains, a spotlight
  orange: (random) => {
    const lit = random.integer(96, 160);
    const curtain = (x) => times(3, (i) => `<rect x="${x + 17 * i}" width="17" height="256" fill="${i % 2 ? '#c62f2f' : '#a51f24'}"/>`);
    return `<path d="M${lit} 0L${lit - 90} 256H${lit + 90}Z" fill="#ffe9a8" opacity=".75"/>${curtain(0)}${curtain(205)}<path d="M0 0H256V14C220 30 190 14 170 22 150 30 106 30 86 22 66 14 36 30 0 14Z" fill="#8c171c"/>`;
  },
  // 试衣间: a rail with clothes on hangers
  gray: (random) =>
    `<path d="M0 34H256" stroke="#4a4d55" stroke-width="6"/>` +
    [18, 62, 196, 238].map((x) => {
      const fill = random.pick(['#d94f4f', '#4f7fd9', '#f2c22e', '#f7f7f7', '#7a55b5']);
      return `<path d="M${x} 34v12M${x - 22} 66L${x} 46l22 20" stroke="#33363d" stroke-width="3" fill="none"/><path d="M${x - 22} 64L${x} 52l22 12v${random.integer(90, 130)}h-44z" fill="${fill}" stroke="#33363d" stroke-width="2"/>`;
    }).join(''),
};

/** A microphone in the lower corner, as if held up: in ink on all styles. */
const MICROPHONE =
  `<g transform="translate(196 196) rotate(-28)" stroke="#000" stroke-width="4" stroke-linejoin="round">` +
  `<path d="M-9 6L-6 74H6L9 6Z" fill="#3a3d45"/><rect x="-12" y="0" width="24" height="9" rx="4" fill="#9a9da3"/><circle cy="-14" r="18" fill="#c9ccd3"/>` +
  `<path d="M-16-20H16M-17-8H17M-6-31V3M7-31V3" stroke-width="2" fill="none"/></g>`;

/**
 * What a picture shows besides the avatar, drawn from random numbers of its own: `scene` is "place" where the background is
 * drawn as the place that it stands for, otherwise "plain"; `prop` is "microphone" or "none".
 */
export function surroundings(seed, background) {
  const random = new Random(`${seed}/surroundings`);
  return { scene: PLACES[background] && random.chance(0.42) ? 'place' : 'plain', prop: random.chance(0.08) ? 'microphone' : 'none' };
}

/** What is behind the avatar, stretched over `width` × `height`. */
function backdrop(seed, { background, scene }, width, height) {
  const place = scene === 'place' ? PLACES[background](new Random(`${seed}/scene`)) : '';
  return (
    `<rect width="${width}" height="${height}" fill="#${BACKGROUNDS[background].hex}"/>` +
    `<svg width="${width}" height="${height}" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none">${place}</svg>`
  );
}

/** The whole picture as SVG: as wide and high as asked, with the square avatar in the middle of its lower edge. */
export function compose(seed, attributes, avatar, width = SIDE, height = SIDE) {
  const side = Math.min(width, height);
  const inFront = attributes.prop === 'microphone' ? MICROPHONE : '';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" fill="none">${backdrop(seed, attributes, width, height)}` +
    `<g transform="translate(${(width - side) / 2} ${height - side})">${avatar.replace('<svg ', `<svg width="${side}" height="${side}" `)}` +
    `<g transform="scale(${side / SIDE})">${inFront}</g></g></svg>`
  );
}
