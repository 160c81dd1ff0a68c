// Sheets: what is asked over the page, one at a time: stop everything, declare a crisis, open a moment.
import { insist, newKey } from "./actions.js";
import { el, icon } from "./draw.js";
import { listed, plural } from "./words.js";

const field = (name, label, value, more = {}) => el("label", { "data-key": name }, label, el("input", { type: "text", "data-in": name, "data-value": value, dir: "auto", ...more }));
const button = (act, kind, words, isOff = false) => el(`button${kind}`, { type: "button", "data-act": act, "data-key": act, disabled: isOff }, words);

class Sheet {
  constructor(feed, tell, address, fields) {
    Object.assign(this, { feed, tell, address, fields, key: newKey(), busy: false, error: "", told: null });
  }

  input(name, element) {
    if (!(name in this.fields)) return false;
    this.fields[name] = element.value;
    return true;
  }

  // The same wish tried again goes under the same key; another one under another.
  async send(body) {
    if (this.busy) return false;
    if (this.sent !== JSON.stringify(body)) Object.assign(this, { sent: JSON.stringify(body), key: newKey() });
    Object.assign(this, { busy: true, error: "" });
    this.tell();
    const answer = await insist(this.address, this.sent, this.key);
    const isDone = answer.status === 200;
    Object.assign(this, { busy: false, error: isDone ? "" : answer.error, told: isDone ? answer.told : null });
    this.tell();
    return isDone;
  }

  get failed() {
    return this.error && el("p.told", { "data-key": "error", role: "alert" }, this.error);
  }
}

export class StopSheet extends Sheet {
  constructor(feed, tell) {
    super(feed, tell, "/api/stop", { reason: "" });
    this.isQuick = true; // no keyboard of a phone in its way
  }

  drawn() {
    if (this.told) return this.done(this.told);
    return [
      el("h2", { "data-key": "title" }, icon("stop", "act"), " Stop everything?"),
      el("p", { "data-key": "says" }, "Nothing more leaves on any channel. What is scheduled is taken back."),
      field("reason", "Why, if there is time", this.fields.reason, { maxlength: "500" }),
      this.failed,
      // the one that stops stands first: below the finger that was at the top of the screen
      el("div.row", { "data-key": "row" }, button("stop-now", ".fire", this.busy ? "…" : "Stop now", this.busy), button("shut", "", "Not now")),
    ];
  }

  // What it came to, in words.
  done({ kept_back: keptBack, in_the_air: air, left }) {
    const title = (id) => this.feed.cards.get(id)?.title ?? id;
    const kept = keptBack.map((one) => `${title(one.card)} (${one.channel})`);
    const line = (head, list, rest) => el("li", { "data-key": head, dir: "auto" }, el("b", null, `${head}: `), list.length ? `${listed(list)}.` : rest);
    return [
      el("h2", { "data-key": "title" }, icon("stop", "act"), " Stopped"),
      el(
        "ul.came", { "data-key": "came" },
        line("Kept back", kept, "nothing was waiting to leave."),
        line("In the air", air.map(title), "nothing."),
        line("Already left in the last hour", left.map(title), "nothing."),
      ),
      air.length > 0 && el("p", { "data-key": "air" }, "What is in the air was handed to its network; look there whether it came out."),
      el("div.row", { "data-key": "row" }, button("shut", ".main", "Close")),
    ];
  }

  press(act) {
    if (act !== "stop-now") return false;
    this.send({ reason: this.fields.reason.trim() });
    return true;
  }
}

export class CrisisSheet extends Sheet {
  constructor(feed, tell, close) {
    super(feed, tell, "/api/crisis", { what: "" });
    this.close = close;
  }

  drawn() {
    const isEmpty = !this.fields.what.trim();
    return [
      el("h2", { "data-key": "title" }, icon("warn", "act"), " Declare a crisis"),
      el("p", { "data-key": "says" }, "Promotions are held until it is over; answers to people may go on."),
      field("what", "What it is, in a few words", this.fields.what, { maxlength: "300" }),
      this.failed,
      el("div.row", { "data-key": "row" }, button("shut", "", "Not now"), button("declare", ".fire", this.busy ? "…" : "Declare it", this.busy || isEmpty)),
    ];
  }

  press(act) {
    if (act !== "declare") return false;
    this.send({ is_open: true, what: this.fields.what.trim() }).then((isDone) => isDone && this.close());
    return true;
  }
}

export class MomentSheet extends Sheet {
  constructor(feed, tell, opened, given = {}) {
    super(feed, tell, "/api/moments", { title: "", terms: "", reply_to: "", ...given });
    this.opened = opened;
    this.isAnswer = Boolean(given.reply_to);
  }

  get terms() {
    return this.fields.terms.split(",").map((term) => term.trim()).filter(Boolean);
  }

  drawn() {
    const { title, terms, reply_to: address } = this.fields;
    const isWhole = title.trim() && this.terms.length;
    return [
      el("h2", { "data-key": "title" }, this.isAnswer ? "Answer this post" : "Open a moment"),
      el("p", { "data-key": "says" }, this.isAnswer ? "It becomes work of its own, for who answers people." : "You saw it first: rtm gathers posts that say these terms."),
      field("title", "What happens, as a headline", title, { maxlength: "120" }),
      field("terms", "Terms that posts about it say, with commas between", terms),
      field("reply_to", this.isAnswer ? "Answers" : "If it answers a post: its address", address, { maxlength: "1000", inputmode: "url", placeholder: "https://… or at://…" }),
      this.failed,
      el("div.row", { "data-key": "row" }, button("shut", "", "Not now"), button("open-moment", ".main", this.busy ? "…" : "Open it", this.busy || !isWhole)),
    ];
  }

  press(act) {
    if (act !== "open-moment") return false;
    const reply = this.fields.reply_to.trim();
    const body = { title: this.fields.title.trim(), terms: this.terms, kind: reply ? "complaint" : "moment", ...(reply ? { reply_to: reply } : {}) };
    this.send(body).then((isDone) => isDone && this.opened(this.told));
    return true;
  }
}

export const likeWords = (like) => (like?.length ? `${plural(like.length, "moment")} on the board may be the same.` : "");
