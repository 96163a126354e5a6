// The drawing styles: each draws the attributes of an avatar at random and renders them as SVG without a background.

import { adventurer } from './styles/adventurer.mjs';
import { avataaars } from './styles/avataaars.mjs';
import { bigEars } from './styles/big-ears.mjs';
import { bigSmile } from './styles/big-smile.mjs';
import { croodles } from './styles/croodles.mjs';
import { dylan } from './styles/dylan.mjs';
import { lorelei } from './styles/lorelei.mjs';
import { loreleiNeutral } from './styles/lorelei-neutral.mjs';
import { micah } from './styles/micah.mjs';
import { miniavs } from './styles/miniavs.mjs';
import { notionists } from './styles/notionists.mjs';
import { openPeeps } from './styles/open-peeps.mjs';
import { personas } from './styles/personas.mjs';
import { pixelArt } from './styles/pixel-art.mjs';
import { toonHead } from './styles/toon-head.mjs';

export const STYLES = {
  avataaars, openPeeps, notionists, micah, adventurer, bigSmile, bigEars, croodles, dylan, miniavs, personas, pixelArt, toonHead,
  loreleiNeutral, lorelei,
};
