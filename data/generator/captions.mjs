// Writes captions for attributes: three in Chinese, one in English, each leaving out some of what there is to say.

import {
  BACKGROUNDS, CLOTHING, CLOTHING_COLORS, EYES, FILLERS, GLASSES, HAIR_COLORS, HAIR_STYLES, HATS, MOUTHS, NEGATIVES,
  PROPS, STYLE_WORDS,
} from './vocabulary.mjs';

const PEOPLE = {
  boy: { zh: ['小男孩', '小男孩', '男孩', '男生'], en: 'boy' },
  girl: { zh: ['小女孩', '小女孩', '女孩', '女生'], en: 'girl' },
  person: { zh: ['人', '人物', '小朋友'], en: 'person' },
};

function chinesePerson(a, random) {
  const person = random.chance(0.06) ? '人' : random.pick(PEOPLE[a.who].zh);
  const one = random.chance(0.85) ? '一个' : '';
  if (a.hat !== 'none' && a.hairColor === 'none') {
    return random.chance(0.9) ? `${one}戴着${CLOTHING_COLORS[a.hatColor].zh}${HATS[a.hat].zh}的${person}` : one + person;
  }
  if (a.hairColor === 'none') return random.pick(['一张脸', '一张人脸', `${one}${person}的脸`]);
  if (random.chance(0.08)) return one + person;
  const color = HAIR_COLORS[a.hairColor];
  const middlePart = a.hairStyle === 'middlePart';
  if (middlePart || random.chance(0.55)) {
    const hair = random.pick(HAIR_STYLES[a.hairStyle].zh);
    if (middlePart ? random.chance(0.8) : random.chance(0.7)) {
      return random.chance(middlePart ? 0.9 : 0.5) ? `${one}${color.zh}${hair}${person}` : `${one}${color.zh}${hair}的${person}`;
    }
    return `${one}${hair}${person}，${color.zh}头发`;
  }
  return random.pick([
    `${one}${color.zh}头发的${person}`, `${one}${color.short}发${person}`, `${one}${person}，${color.zh}头发`,
    `${one}${person}，头发是${color.zh}`,
  ]);
}

function chineseClothing(a, random) {
  return CLOTHING_COLORS[a.clothingColor].zh + random.pick(CLOTHING[a.clothing].zh);
}

function chineseDetails(a, random) {
  const details = [];
  if (EYES[a.eyes] && random.chance(0.75)) details.push(random.pick(EYES[a.eyes].zh));
  if (MOUTHS[a.mouth] && random.chance(0.6)) details.push(random.pick(MOUTHS[a.mouth].zh));
  if (random.chance(a.glasses === 'none' ? 0.18 : 0.85)) details.push(random.pick(GLASSES[a.glasses].zh));
  if (a.hat === 'catEars' && random.chance(0.8)) details.push('戴着猫耳朵');
  const place = BACKGROUNDS[a.background];
  if (random.chance(a.scene === 'place' ? 0.9 : 0.78)) details.push(random.pick(a.scene === 'place' ? place.scenes.zh : place.zh));
  if (a.prop === 'microphone' && random.chance(0.9)) details.push(random.pick(PROPS.microphone.zh));
  return details;
}

/** A caption such as 一个蓝色中分小男孩穿着蓝色背带裤，闭着眼睛，白色背景. */
export function chinese(style, a, random) {
  let person = chinesePerson(a, random);
  const details = chineseDetails(a, random);
  if (a.clothing && random.chance(0.88)) {
    const clothing = chineseClothing(a, random);
    if (!person.includes('，') && random.chance(0.5)) person += `穿着${clothing}`;
    else details.push(random.pick([`穿着${clothing}`, `穿着${clothing}`, clothing, `身穿${clothing}`]));
  }
  let phrases = random.shuffle(details);
  phrases.splice(random.chance(0.85) ? 0 : random.integer(0, phrases.length), 0, person);
  if (random.chance(0.5)) {
    const word = random.pick(STYLE_WORDS[style].zh);
    if (random.chance(0.6)) phrases.unshift(word);
    else phrases.push(word);
  }
  if (random.chance(0.1)) {
    for (const filler of random.shuffle(FILLERS).slice(0, random.integer(1, 2))) {
      phrases.splice(random.integer(0, phrases.length), 0, filler);
    }
  }
  if (style === 'lorelei' || random.chance(0.07)) phrases.unshift('二次元');
  if (random.chance(0.005)) phrases.push(random.shuffle(NEGATIVES).slice(0, random.integer(1, 5)).join('、'));
  return phrases.join('，');
}

/** The same in English. */
export function english(style, a, random) {
  let subject = `a ${PEOPLE[a.who].en}`;
  if (a.hat !== 'none' && a.hairColor === 'none') {
    subject += ` wearing a ${CLOTHING_COLORS[a.hatColor].en} ${HATS[a.hat].en}`;
  } else if (a.hairColor === 'none') {
    subject = 'a face';
  } else if (random.chance(0.92)) {
    const shape = random.chance(0.5) ? `${HAIR_STYLES[a.hairStyle].en} ` : '';
    subject += ` with ${shape}${HAIR_COLORS[a.hairColor].en} hair`;
  }
  const details = [];
  if (a.clothing && random.chance(0.88)) {
    details.push(`wearing ${CLOTHING_COLORS[a.clothingColor].en} ${random.pick(CLOTHING[a.clothing].en)}`);
  }
  if (EYES[a.eyes] && random.chance(0.75)) details.push(EYES[a.eyes].en);
  if (MOUTHS[a.mouth] && random.chance(0.6)) details.push(MOUTHS[a.mouth].en);
  if (random.chance(a.glasses === 'none' ? 0.18 : 0.85)) details.push(GLASSES[a.glasses].en);
  if (a.hat === 'catEars' && random.chance(0.8)) details.push('cat ears');
  const place = BACKGROUNDS[a.background];
  if (random.chance(a.scene === 'place' ? 0.9 : 0.78)) details.push(a.scene === 'place' ? place.scenes.en : place.en);
  if (a.prop === 'microphone' && random.chance(0.9)) details.push(PROPS.microphone.en);
  const phrases = [subject, ...random.shuffle(details)];
  if (random.chance(0.5)) {
    if (random.chance(0.6)) phrases.unshift(STYLE_WORDS[style].en);
    else phrases.push(STYLE_WORDS[style].en);
  }
  return (style === 'lorelei' ? '二次元, ' : '') + phrases.join(', ');
}

/** A caption that names by their plainest words all that the picture shows, and the style: what has no words stays unsaid. */
export function complete(style, a, random) {
  const hair = HAIR_COLORS[a.hairColor].zh + (a.hairStyle === 'middlePart' ? '中分' : '头发的');
  const place = a.scene === 'place' ? BACKGROUNDS[a.background].scenes : BACKGROUNDS[a.background];
  const clothing = a.clothing && `穿着${CLOTHING_COLORS[a.clothingColor].zh}${CLOTHING[a.clothing].zh[0]}`;
  const details = [clothing, EYES[a.eyes]?.zh[0], GLASSES[a.glasses].zh[0], place.zh[0], MOUTHS[a.mouth]?.zh[0], PROPS[a.prop]?.zh[0]];
  return [STYLE_WORDS[style].zh[0], `一个${hair}${PEOPLE[a.who].zh[0]}`, ...random.shuffle(details.filter(Boolean))].join('，');
}

/** The four captions of a picture. */
export function captions(style, attributes, random) {
  const texts = new Set();
  while (texts.size < 3) texts.add(chinese(style, attributes, random));
  return [...texts, english(style, attributes, random)];
}
