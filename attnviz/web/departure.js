// While a page is being left, its components tell Python nothing. Streamlit sends what they say behind the wish for
// the next page, but in the name of the page before: its answer would wipe the next page away, and put nothing there.

/** @import { Call } from './component.js' */

const STILL_THERE = 10_000; // milliseconds after which a page was not left
const DRAWN_AGAIN = 3000; // after a drawing it was not, unless that comes from a run that was under way before

const page = /** @type {{ attnviz_doors?: Set<Door> }} */ (/** @type {unknown} */ (globalThis));

/** What one component says goes through it. */
export class Door {
  /** @type {Map<string, () => void> | null} while it is shut: what waits, the newest of each name */
  held = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  path = ''; // of the page that it belongs to
  /** @type {Set<Door>} those of the page that is shown, of however many modules: this one may load again */
  doors = page.attnviz_doors ?? watch();

  /**
   * The component is drawn: its call, with what it says led through here.
   *
   * @template Data
   * @param {Call<Data>} call
   * @returns {Call<Data>}
   */
  take(call) {
    this.call = /** @type {Call<unknown>} */ (call);
    this.path = location.pathname;
    if (this.held) this.shut(DRAWN_AGAIN);
    else this.doors.add(this);
    return { ...call, setStateValue: this.lead('setStateValue'), setTriggerValue: this.lead('setTriggerValue') };
  }

  /** @param {'setStateValue' | 'setTriggerValue'} way */
  lead(way) {
    return (/** @type {string} */ name, /** @type {unknown} */ value) => {
      const say = () => this.call?.[way](name, value);
      this.held ? this.held.set(name, say) : say();
    };
  }

  shut(ms = STILL_THERE) {
    this.held ??= new Map();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), ms);
  }

  /** No press elsewhere opens it any more. */
  leave() {
    this.shut();
    this.doors.delete(this);
  }

  open() {
    const { held } = this;
    this.held = null;
    clearTimeout(this.timer);
    this.doors.add(this);
    for (const say of held?.values() ?? []) say();
  }

  /** What waits is dropped. */
  stop() {
    clearTimeout(this.timer);
    this.held = null;
    this.doors.delete(this);
  }
}

/** @returns {Set<Door>} */
function watch() {
  const doors = new Set();
  page.attnviz_doors = doors;
  /** @param {Event} event */
  const look = (event) => {
    const act = decide(event);
    for (const door of doors) if (act) door[act]();
  };
  for (const type of ['mousedown', 'mouseup', 'dragstart', 'contextmenu']) addEventListener(type, look, true);
  addEventListener('click', look); // once Streamlit has seen it
  addEventListener('popstate', () => {
    for (const door of doors) if (door.path !== location.pathname) door.leave();
  });
  return doors;
}

/**
 * A press on a link may become a click; else it is dragged, opens a menu or ends elsewhere. Streamlit takes a click,
 * whatever keys are held: one that it leaves to the browser opens another tab.
 *
 * @param {Event} event
 */
function decide({ type, target, defaultPrevented }) {
  const link = target instanceof Element ? target.closest('a') : null;
  const leads = link?.origin === location.origin && link.pathname !== location.pathname;
  if (type === 'click') return leads && (defaultPrevented ? 'leave' : 'open');
  if (type === 'mousedown' && leads) return 'shut'; // the text box loses the focus now, and asks
  return !(type === 'mouseup' && leads) && 'open';
}
