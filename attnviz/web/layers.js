// The picture of a network's layers, which the server draws; Streamlit's own HTML takes no drawings.

import { defineComponent } from './component.js';
import { find, put } from './dom.js';
import { t } from './language.js';

/** @import { Call, Root } from './component.js' */

class LayerPicture {
  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.picture = '';
  }

  /** @param {Call<{ picture: string, marks: string }>} call */
  update({ data }) {
    if (data.picture === this.picture) return;
    this.picture = data.picture;
    const drawn = new DOMParser().parseFromString(data.picture, 'image/svg+xml').documentElement;
    find(this.root, '.picture').replaceChildren(drawn);
    put(find(this.root, '.marks'), {}, data.marks);
  }

  fail() {
    put(find(this.root, '.marks'), {}, t`The picture cannot be drawn; the table under it says the same.`);
  }
}

export default defineComponent((root) => new LayerPicture(root));
