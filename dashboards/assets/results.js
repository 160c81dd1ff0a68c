// What a post came to: seen, liked, passed on, and what a thousand views cost; views are entered by hand.
import { insist, newKey } from "./actions.js";
import { el, icon } from "./draw.js";
import { isOneOf } from "./house.js";
import { number } from "./words.js";

const ENTERERS = ["writer", "approver", "moderator", "responder", "analyst", "admin"];
const decimal = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const counts = (one) => [["views", one.views], ["likes", one.likes], ["reposts", one.reposts], ["replies", one.replies]].filter(([, value]) => value !== null && value !== undefined);

export function resultsOf(card, form, feed, me) {
  const { results } = card;
  if (!results) return null;
  const isMany = results.posts.length > 1;
  const lines = results.posts.map((one) => {
    const told = counts(one).map(([name, value]) => figureOf(name, value, name === "views" ? one.views_by : null));
    const many = one.amplification && el("span.keep", null, el("b", null, `${decimal(one.amplification, 1)}x`), " its followers");
    return el("li.line", { "data-key": one.channel }, isMany && el("b", null, one.channel), told.length ? told : el("span.second", null, "nothing counted yet"), many);
  });
  const cost = results.whole_event ?? results.found_to_sent;
  const price = cost?.eur_per_thousand && el("p.line", { "data-key": "cost" }, el("span", null, el("b", null, `EUR ${decimal(cost.eur_per_thousand, 2)}`), ` per thousand views${results.event ? `, of ${results.event}` : ""}`));
  const isOpen = form.isOpen(card);
  const add = isOneOf(me, ENTERERS) && !isOpen && el("button.quiet", { type: "button", "data-act": "impressions", "data-key": "add" }, "Enter views…");
  return el("section.results", { "data-key": "results", "aria-label": "Results" }, el("ul", { "data-key": "posts" }, lines), price, isOpen ? form.drawn(card) : add);
}

function figureOf(name, value, by) {
  const word = value === 1 ? { replies: "reply" }[name] ?? name.slice(0, -1) : name;
  return el("span", { "data-key": name }, el("b", null, number(value)), ` ${word}`, by && el("span.second", null, `, entered by ${by}`));
}

// Views that a person read off a network which tells them to nobody else.
export class ImpressionsForm {
  constructor(feed, tell) {
    Object.assign(this, { feed, tell, id: null, fields: {}, busy: false, error: "", key: newKey(), sent: "" });
  }

  isOpen(card) {
    return this.id === card.id;
  }

  drawn(card) {
    const { fields, busy, error } = this;
    const names = card.results.posts.map((one) => one.channel);
    const input = (name, label) => el("label", { "data-key": name }, label, el("input", { type: "text", inputmode: "numeric", "data-in": `impressions-${name}`, "data-value": fields[name] }));
    const options = names.map((name) => el("option", { value: name }, name));
    const choice = names.length > 1 && el("label", { "data-key": "channel" }, "Channel", el("select", { "data-in": "impressions-channel", "data-value": fields.channel }, options));
    return el(
      "div.impressions", { "data-key": "form" }, choice, input("views", "Views"), input("followers", "Followers, if known"),
      error && el("p.told", { "data-key": "error", role: "alert" }, icon("warn", "watch"), ` ${error}`),
      el(
        "div.line", { "data-key": "row" },
        el("button.quiet", { type: "button", "data-act": "impressions-off" }, "Not now"),
        el("button", { type: "button", "data-act": "impressions-save", disabled: busy || wholeOf(fields.views) === null }, busy ? "…" : "Keep"),
      ),
    );
  }

  input(card, kind, name, field) {
    if (kind !== "impressions" || !this.isOpen(card)) return false;
    this.fields[name] = field.value;
    return true;
  }

  press(card, act) {
    if (act === "impressions") Object.assign(this, { id: card.id, fields: { channel: card.results.posts[0].channel, views: "", followers: "" }, error: "", key: newKey() });
    else if (act === "impressions-off") this.id = null;
    else if (act === "impressions-save") this.save(card);
    else return false;
    return true;
  }

  async save(card) {
    const [views, followers] = [wholeOf(this.fields.views), wholeOf(this.fields.followers)];
    const body = { channel: this.fields.channel, views, ...(followers === null ? {} : { followers }) };
    const said = JSON.stringify(body);
    if (said !== this.sent) Object.assign(this, { sent: said, key: newKey() });
    this.busy = true;
    const answer = await insist(`/api/cards/${encodeURIComponent(card.id)}/impressions`, said, this.key);
    Object.assign(this, { busy: false, error: answer.status === 200 ? "" : answer.error });
    if (answer.card) this.feed.put(answer.card);
    if (answer.status === 200) this.id = null;
    this.tell();
  }
}

// "3,002,355" as a number, else null.
function wholeOf(text) {
  const digits = (text ?? "").replace(/[\s,.'\u00a0\u202f]/g, "");
  return /^\d{1,12}$/.test(digits) ? Number(digits) : null;
}
