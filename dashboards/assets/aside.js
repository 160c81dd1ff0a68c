// Beside the moments: the mood, what the team is asked, and what is followed and was not offered.
import { get } from "./actions.js";
import { el } from "./draw.js";
import { Forgetting, footOf, moodOf, questionsOf } from "./teaching.js";
import { plural } from "./words.js";

const EVERY_MS = 5000;
const SHOWN = 20;

export class Aside {
  constructor(feed, labels, tell) {
    Object.assign(this, { feed, labels, tell, stories: [], questions: [], notes: [], isOpen: innerWidth > 900, isAsking: false });
    this.forgetting = new Forgetting(tell);
    setInterval(() => this.ask(), EVERY_MS);
  }

  // Asked again and again, but not while nobody looks; what was told last stays without an answer.
  async ask() {
    if (this.isAsking || document.hidden || this.feed.gone || this.feed.isLoggedOut) return;
    this.isAsking = true;
    const [followed, teaching] = await Promise.all([get("/api/stories"), get("/api/questions")]);
    if (followed) this.stories = followed.stories.filter((one) => !one.is_offered);
    if (teaching) {
      const thanked = this.questions.filter((one) => this.labels.isThanked(one.id));
      const open = teaching.questions.filter((one) => !this.labels.isNoted(one.id));
      Object.assign(this, { questions: [...thanked, ...open].sort((a, b) => a.at_ms - b.at_ms), notes: teaching.notes });
    }
    this.isAsking = false;
    this.tell();
  }

  turn() {
    this.isOpen = !this.isOpen;
    this.tell();
  }

  drawn(me) {
    const { feed, labels, questions, notes, forgetting } = this;
    return [moodOf(feed, notes), questionsOf(questions, labels), this.followed(), footOf(forgetting, me)];
  }

  followed() {
    const { stories, isOpen } = this;
    if (!stories.length) return null;
    const shown = stories.slice(0, SHOWN);
    const more = stories.length > SHOWN && el("p.second", null, `and ${stories.length - SHOWN} more`);
    const button = el("button.quiet", { type: "button", "data-act": "aside", "aria-expanded": `${isOpen}` }, el("span", null, "Followed, not offered"), el("span", null, `${stories.length}`));
    const lines = shown.map((one) => el("li", { "data-key": one.story }, el("h3", { dir: "auto" }, one.title), el("p", { dir: "auto" }, el("b", null, plural(one.posts, "post")), `. ${one.sentence}`)));
    return el("section.aside", { "data-key": "aside", "aria-label": "Followed, not offered" }, button, isOpen && el("ul", null, lines), isOpen && more);
  }
}
