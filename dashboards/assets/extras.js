// What may go with a draft: further posts of a thread, a poll, when its offer ends; and cleared copy.
import { counted, tooLong } from "./counting.js";
import { el } from "./draw.js";
import { lasts } from "./preview.js";
import { fields, said, zones } from "./times.js";
import { number } from "./words.js";

const SEEN = { public: "for everyone", unlisted: "unlisted", followers: "for followers" };
const POLL_S = [3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400];

export function furtherOf(text, at, all, goes) {
  const tight = goes.reduce((least, one) => (one.limit < least.limit ? one : least), goes[0]);
  const name = `Post ${at + 2} of ${all}`;
  const long = tooLong(text, tight);
  return el(
    "div.further", { "data-key": `post ${at}` },
    el(
      "label", null,
      el("span.line", null, el("span", null, name), el(long ? "span.over" : "span.second", null, `${number(counted(text, tight))} of ${number(tight.limit)}`)),
      el("textarea", { rows: "3", "data-in": `more-${at}`, "data-value": text, dir: "auto", spellcheck: "true" }),
    ),
    el("button.quiet", { type: "button", "data-act": "drop-post", "data-at": `${at}`, "aria-label": `Remove ${name.toLowerCase()}` }, "Remove"),
  );
}

export function pollOf(poll, most) {
  const option = (text, at) => {
    const name = `Answer ${at + 1}`;
    return el("input", { type: "text", maxlength: "100", "data-in": `poll-${at}`, "data-value": text, "data-key": name, "aria-label": name, placeholder: name, dir: "auto" });
  };
  const durations = [...new Set([...POLL_S, poll.lasts_s])].sort((a, b) => a - b).map((seconds) => el("option", { value: `${seconds}` }, lasts(seconds)));
  return el(
    "fieldset.poll-in", { "data-key": "poll" }, el("legend", null, "Poll"), poll.options.map(option),
    el(
      "div.line", { "data-key": "line" },
      poll.options.length < most && el("button.quiet", { type: "button", "data-act": "add-option", "data-key": "add" }, "Add an answer"),
      el("label", { "data-key": "lasts" }, "Open for ", el("select", { "data-in": "poll-lasts", "data-value": `${poll.lasts_s}` }, durations)),
      el("label.tick", { "data-key": "many" }, el("input", { type: "checkbox", "data-in": "poll-many", "data-on": `${poll.takes_many}` }), "Several may be chosen"),
      el("button.quiet", { type: "button", "data-act": "drop-poll", "data-key": "drop" }, "Remove"),
    ),
  );
}

// Whom it is shown to, where a channel lets one choose.
export function seenBy(goes, visibility) {
  const can = Object.keys(SEEN).filter((one) => one === visibility || goes.some((channel) => channel.visibilities.includes(one)));
  if (can.length < 2) return null;
  const options = can.map((one) => el("option", { value: one }, SEEN[one]));
  return el("select.seen-by", { "data-key": "seen", "data-in": "visibility", "data-value": visibility, "aria-label": "Who sees it" }, options);
}

export function offerOf(draft, offer, events) {
  const until = draft.offer_until && Date.parse(draft.offer_until);
  return el(
    "div.offer", { "data-key": "offer" },
    fields("offer", "Offer ends", offer, zones(events)),
    el("div.line", null, el("span.second", null, until ? said(until, offer.zone) : "Choose a date and a time."), el("button.quiet", { type: "button", "data-act": "drop-offer" }, "Remove")),
  );
}

export function kitsOf(kits, draft, channel, hasReplaced) {
  if (!kits?.length) return [];
  const line = (kit, at) => el(
    "li", { "data-key": `${kit.name} ${at}` },
    el(
      "button", { type: "button", "data-act": "kit", "data-at": `${at}` },
      el("kbd", null, `${at + 1}`), el("span", { dir: "auto" }, kit.text),
      el("span.second.keep", null, draft.kit === kit.name ? "in the draft" : number(counted(kit.text, channel))),
    ),
  );
  const back = hasReplaced && el("button.quiet", { type: "button", "data-act": "unkit", "data-key": "back" }, "Put back what was there");
  const names = [...new Set(kits.map((kit) => kit.name))].join(", ");
  return [el("h2", { "data-key": "title" }, kits.length > 1 ? "Kits " : "Kit ", el("span.second", null, `${names}; cleared, put in with one tap`)), el("ul", { "data-key": "kits" }, kits.map(line)), back];
}
