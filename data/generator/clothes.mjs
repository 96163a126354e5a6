// Lorelei draws a head and a neck only. These shoulders are our own (CC0 1.0), in the same black ink lines,
// so that a picture of this style can wear what the course's story asks for.

const INK = 'stroke="#000" stroke-width="13" stroke-linejoin="round" stroke-linecap="round"';
const SHOULDERS =
  'M270 836C170 866 70 900 30 1000C5 1070-10 1180-20 1300H960C955 1180 945 1080 915 1000C885 905 780 850 680 810L480 780Z';
const SLEEVES = `<path d="M150 1120C158 1180 160 1240 160 1300M800 1110C790 1180 786 1240 786 1300" ${INK}/>`;

const shoulders = (fill) => `<path d="${SHOULDERS}" fill="${fill}" ${INK}/>`;

const DRAWINGS = {
  tshirt: (color) =>
    `${shoulders(color)}${SLEEVES}<path d="M255 842C300 985 650 985 695 817" ${INK}/>`,
  graphicShirt: (color) =>
    `${DRAWINGS.tshirt(color)}<path d="M480 1040l34 70 77 10-56 54 14 77-69-37-69 37 14-77-56-54 77-10Z" fill="#fff" ${INK}/>`,
  sweater: (color) =>
    `${shoulders(color)}${SLEEVES}<path d="M258 840C300 965 650 965 692 815L745 850C690 1040 270 1040 205 866Z" fill="#fff" ${INK}/>`,
  hoodie: (color) =>
    `${shoulders(color)}${SLEEVES}<path d="M258 840C300 965 650 965 692 815L790 875C700 1090 260 1090 160 890Z" fill="${color}" ${INK}/>` +
    `<path d="M390 1020V1170M570 1020V1170" stroke="#000" stroke-width="26" stroke-linecap="round"/>` +
    `<path d="M390 1020V1170M570 1020V1170" stroke="#fff" stroke-width="12" stroke-linecap="round"/>`,
  suit: (color) =>
    `${shoulders(color)}${SLEEVES}<path d="M262 838L480 1230 692 815Z" fill="#fff" ${INK}/>` +
    `<path d="M446 930H514L500 985 530 1140 480 1215 430 1140 460 985Z" fill="#c0392b" ${INK}/>` +
    `<path d="M262 838L190 900 230 1010 180 1040 480 1290V1230ZM692 815L765 872 735 990 790 1030 480 1290V1230Z" fill="${color}" ${INK}/>` +
    `<path d="M262 838L190 900 230 1010 180 1040 480 1290M692 815L765 872 735 990 790 1030 480 1290" stroke="#fff" stroke-opacity=".55" stroke-width="6" stroke-linejoin="round"/>`,
  overall: (color) =>
    `${shoulders('#fff')}${SLEEVES}<path d="M290 1020L195 872 275 838 385 1000H575L685 815 765 860 670 1020V1130L790 1180V1300H170V1180L290 1130Z" fill="${color}" ${INK}/>` +
    `<circle cx="330" cy="1045" r="17" fill="#fff"/><circle cx="630" cy="1045" r="17" fill="#fff"/>`,
};

/** The drawing of a piece of clothing in Lorelei's coordinates, to lie behind the head. */
export function clothes(clothing, hex) {
  return DRAWINGS[clothing](`#${hex}`);
}
