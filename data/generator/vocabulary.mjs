// What can be asked for: each attribute's values, with their colours and their words in Chinese and English.

/** Hair colours. */
export const HAIR_COLORS = {
  blue: { hex: '2f6fe0', zh: '蓝色', short: '蓝', en: 'blue' },
  black: { hex: '1f1f24', zh: '黑色', short: '黑', en: 'black' },
  brown: { hex: '7a4a26', zh: '棕色', short: '棕', en: 'brown' },
  yellow: { hex: 'f2c22e', zh: '金色', short: '金', en: 'blonde' },
  red: { hex: 'd42a2a', zh: '红色', short: '红', en: 'red' },
  pink: { hex: 'f58ac0', zh: '粉色', short: '粉', en: 'pink' },
  purple: { hex: '8a3fc4', zh: '紫色', short: '紫', en: 'purple' },
  green: { hex: '2f9e4f', zh: '绿色', short: '绿', en: 'green' },
  silver: { hex: 'd5d8de', zh: '银色', short: '银', en: 'silver' },
};

/** Colours of clothes (and of hats). */
export const CLOTHING_COLORS = {
  blue: { hex: '2f6fe0', zh: '蓝色', en: 'blue' },
  black: { hex: '262a33', zh: '黑色', en: 'black' },
  red: { hex: 'd42a2a', zh: '红色', en: 'red' },
  pink: { hex: 'f58ac0', zh: '粉色', en: 'pink' },
  green: { hex: '2f9e4f', zh: '绿色', en: 'green' },
  white: { hex: 'f7f7f7', zh: '白色', en: 'white' },
  gray: { hex: '9a9da3', zh: '灰色', en: 'grey' },
  yellow: { hex: 'f2c22e', zh: '黄色', en: 'yellow' },
};

/** Backgrounds, and the place that is drawn in each colour (scenes.mjs). */
export const BACKGROUNDS = {
  white: { hex: 'ffffff', zh: ['白色背景', '纯白背景', '背景是白色'], en: 'white background', scenes: null },
  paleBlue: {
    hex: 'bfe3ff', zh: ['浅蓝色背景', '淡蓝色背景', '背景是浅蓝色'], en: 'pale blue background',
    scenes: { zh: ['在练习室', '在练习室练习', '练习室里'], en: 'in a rehearsal room' },
  },
  pink: {
    hex: 'ffc7da', zh: ['粉色背景', '粉红色背景', '背景是粉色'], en: 'pink background',
    scenes: { zh: ['在樱花树下', '樱花树下'], en: 'under cherry blossoms' },
  },
  yellow: {
    hex: 'ffe58a', zh: ['黄色背景', '浅黄色背景', '背景是黄色'], en: 'yellow background',
    scenes: { zh: ['在家中沙发上坐着', '坐在家中沙发上', '在家中'], en: 'on a sofa at home' },
  },
  green: {
    hex: 'bfe8b8', zh: ['绿色背景', '浅绿色背景', '背景是绿色'], en: 'green background',
    scenes: { zh: ['在草地上', '在公园里'], en: 'on a meadow' },
  },
  purple: {
    hex: 'c9a8f0', zh: ['紫色背景', '淡紫色背景', '背景是紫色'], en: 'purple background',
    scenes: { zh: ['坐在演唱会的观众席', '演唱会的观众席', '演唱会的观众席，人山人海', '人山人海'], en: 'in the audience' },
  },
  night: {
    hex: '1d2a5c', zh: ['深蓝色背景', '背景是深蓝色'], en: 'dark blue background',
    scenes: { zh: ['对着流星许愿', '夜空下', '夜空中有流星', '夜空背景', '对着夜空中的流星许愿'], en: 'under a starry sky' },
  },
  orange: {
    hex: 'ff9a4d', zh: ['橙色背景', '橘色背景', '背景是橙色'], en: 'orange background',
    scenes: { zh: ['在台上', '在舞台上', '站在台上'], en: 'on a stage' },
  },
  gray: {
    hex: '9a9da3', zh: ['灰色背景', '深灰色背景', '背景是灰色'], en: 'grey background',
    scenes: { zh: ['试衣间', '在试衣间', '试衣间里'], en: 'in a fitting room' },
  },
};

export const CLOTHING = {
  overall: { zh: ['背带裤'], en: ['dungarees', 'overalls'] },
  suit: { zh: ['西装', '西装外套'], en: ['suit', 'blazer'] },
  hoodie: { zh: ['卫衣', '连帽衫', '连帽卫衣'], en: ['hoodie'] },
  graphicShirt: { zh: ['印花T恤', '图案T恤'], en: ['graphic T-shirt', 'printed T-shirt'] },
  tshirt: { zh: ['T恤', '短袖', 'T恤衫'], en: ['T-shirt'] },
  sweater: { zh: ['毛衣', '翻领毛衣'], en: ['sweater'] },
};

/** Values without words are never mentioned. */
export const EYES = {
  default: null,
  hidden: null,
  closed: { zh: ['闭着眼睛', '闭眼', '双眼紧闭'], en: 'eyes closed' },
  hearts: { zh: ['露出憧憬的神情', '爱心眼', '眼睛是爱心', '一脸憧憬'], en: 'heart eyes' },
  cry: { zh: ['流着泪', '流泪', '眼角有泪水'], en: 'in tears' },
  happy: { zh: ['眯眼笑', '笑得眯起了眼睛', '眉开眼笑'], en: 'smiling eyes' },
  wink: { zh: ['眨着一只眼', '眨眼', '单眼眨眼'], en: 'winking' },
  surprised: { zh: ['瞪大眼睛', '惊讶地睁大双眼', '很惊讶'], en: 'wide eyes' },
  squint: { zh: ['半睁着眼', '眼神无聊', '很无聊'], en: 'half-closed eyes' },
  stars: { zh: ['星星眼', '眼里有星星'], en: 'star eyes' },
  angry: { zh: ['生气', '怒目圆睁', '很生气'], en: 'angry' },
  side: { zh: ['斜着眼', '看向一边', '斜眼看'], en: 'looking sideways' },
};

export const MOUTHS = {
  neutral: null,
  smile: { zh: ['微笑', '面带笑容', '开心地笑'], en: 'smiling' },
  serious: { zh: ['很无聊', '一脸严肃', '没有表情'], en: 'bored' },
  open: { zh: ['唱歌', '张大嘴唱歌', '张大嘴', '练习唱歌'], en: 'singing' },
  sad: { zh: ['难过', '嘴角下垂', '很伤心'], en: 'sad' },
  concerned: { zh: ['心情忐忑', '忐忑不安', '很紧张'], en: 'worried' },
  tongue: { zh: ['吐着舌头', '吐舌头'], en: 'tongue out' },
  grimace: { zh: ['龇牙', '咧着牙'], en: 'showing the teeth' },
};

export const GLASSES = {
  none: { zh: ['不戴眼镜', '没戴眼镜'], en: 'no glasses' },
  round: { zh: ['戴着圆框眼镜', '戴圆眼镜', '圆框眼镜'], en: 'round glasses' },
  square: { zh: ['戴着方框眼镜', '戴方眼镜', '方框眼镜'], en: 'square glasses' },
  glasses: { zh: ['戴着眼镜', '戴眼镜'], en: 'glasses' },
  sunglasses: { zh: ['戴着墨镜', '戴墨镜', '墨镜'], en: 'sunglasses' },
};

export const HATS = {
  none: null,
  hat: { zh: '帽子', en: 'hat' },
  winterHat: { zh: '毛线帽', en: 'winter hat' },
  hijab: { zh: '头巾', en: 'headscarf' },
  turban: { zh: '包头巾', en: 'turban' },
  catEars: { zh: '猫耳朵', en: 'cat ears' },
};

/** What is held. */
export const PROPS = {
  none: null,
  microphone: { zh: ['手持话筒', '拿着话筒', '手持麦克风'], en: 'holding a microphone' },
};

/** Words for hair, by the names that styles.mjs gives to hair styles. */
export const HAIR_STYLES = {
  middlePart: { zh: ['中分'], en: 'middle-parted' },
  short: { zh: ['短发'], en: 'short' },
  crop: { zh: ['寸头', '平头'], en: 'cropped' },
  shortCurly: { zh: ['卷短发', '短卷发'], en: 'short curly' },
  quiff: { zh: ['飞机头', '背头'], en: 'swept-back' },
  spiky: { zh: ['刺猬头'], en: 'spiky' },
  mohawk: { zh: ['莫西干'], en: 'mohawk' },
  bob: { zh: ['波波头', '齐肩短发'], en: 'bob' },
  bun: { zh: ['丸子头'], en: 'bun' },
  curly: { zh: ['卷发'], en: 'curly' },
  longCurly: { zh: ['长卷发', '大波浪'], en: 'long wavy' },
  long: { zh: ['长发', '长直发'], en: 'long' },
  ponytail: { zh: ['马尾'], en: 'ponytail' },
  afro: { zh: ['爆炸头'], en: 'afro' },
  dreads: { zh: ['脏辫'], en: 'dreadlocked' },
};

export const STYLE_WORDS = {
  avataaars: { zh: ['扁平卡通头像', '扁平卡通风格', '扁平卡通'], en: 'flat cartoon avatar' },
  openPeeps: { zh: ['手绘线稿', '手绘线稿风格', '手绘漫画'], en: 'hand-drawn line art' },
  notionists: { zh: ['简笔黑白线条', '简笔线条风格', '简笔画'], en: 'minimal line drawing' },
  micah: { zh: ['极简插画', '极简插画风格', '极简头像'], en: 'minimalist illustration' },
  adventurer: { zh: ['冒险家卡通', '冒险家卡通风格', '冒险漫画'], en: 'adventurer cartoon' },
  bigSmile: { zh: ['大笑脸卡通', '大头卡通风格', '大笑脸头像'], en: 'big smile cartoon' },
  bigEars: { zh: ['大耳朵卡通', '大耳朵卡通风格', '大耳朵头像'], en: 'big ears cartoon' },
  croodles: { zh: ['随手涂鸦', '涂鸦风格', '涂鸦头像'], en: 'doodle portrait' },
  dylan: { zh: ['粗线条色块', '色块插画风格', '色块头像'], en: 'bold colour-block drawing' },
  miniavs: { zh: ['迷你侧脸头像', '迷你头像风格', '迷你头像'], en: 'mini avatar' },
  personas: { zh: ['几何人物头像', '几何插画风格', '几何头像'], en: 'geometric persona' },
  pixelArt: { zh: ['像素画', '像素风格', '像素头像'], en: 'pixel art' },
  toonHead: { zh: ['动画人物头像', '动画人物风格', '动画头像'], en: 'toon head' },
  loreleiNeutral: { zh: ['水墨五官', '水墨五官风格', '五官特写'], en: 'ink facial features' },
  lorelei: { zh: ['黑白线条漫画', '日系线条头像', '漫画头像'], en: 'ink comic portrait' },
};

/**
 * Phrases of the course's prompts that no avatar can show. They fall on pictures at random, so that they mean nothing.
 */
export const FILLERS = [
  '双手托着腮', '全身', '侧面', '十指交叉', '日系动漫', '舞台上衣着华丽的歌星们在唱歌',
];

/** The words of the course's negative prompts, in a few captions at random: the text encoder shall have met them. */
export const NEGATIVES = ['丑陋', '变形', '嘈杂', '模糊', '低对比度', '色情擦边', '扭曲的手指', '多余的手指'];
