// What is followed and was not offered, each with the reason: a quiet answer to "why not this one?".
import { el } from "./draw.js";
import { plural } from "./words.js";

const EVERY_MS = 5000;
const SHOWN = 20;
const ANSWER_MS = 4000;

export class Aside {
  constructor(feed, tell) {
    Object.assign(this, { feed, tell, stories: [], isOpen: innerWidth > 900, isAsking: false });
    setInterval(() => this.ask(), EVERY_MS);
  }

  // Asked again and again, but not while nobody looks or nobody answers.
  async ask() {
    if (this.isAsking || document.hidden || this.feed.gone || this.feed.isLoggedOut) return;
    this.isAsking = true;
    try {
      const answer = await fetch("/api/stories", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.ok) this.stories = (await answer.json()).stories.filter((one) => !one.is_offered);
    } catch {
      // what was told last stays
    }
    this.isAsking = false;
    this.tell();
  }

  turn() {
    this.isOpen = !this.isOpen;
    this.tell();
  }

  drawn() {
    const { stories, isOpen } = this;
    if (!stories.length) return null;
    const shown = stories.slice(0, SHOWN);
    const more = stories.length > SHOWN && el("p.second", null, `and ${stories.length - SHOWN} more`);
    const button = el("button.quiet", { type: "button", "data-act": "aside", "aria-expanded": `${isOpen}` }, el("span", null, "Followed, not offered"), el("span", null, `${stories.length}`));
    const lines = shown.map((one) => el("li", { "data-key": one.story }, el("h3", { dir: "auto" }, one.title), el("p", { dir: "auto" }, el("b", null, plural(one.posts, "post")), `. ${one.sentence}`)));
    return el("section.aside", { "data-key": "aside", "aria-label": "Followed, not offered" }, button, isOpen && el("ul", null, lines), isOpen && more);
  }
}
