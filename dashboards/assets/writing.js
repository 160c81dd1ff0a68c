// Writing: where a draft goes, its words on each channel, and what goes with them.
import { bytes, chosen, counted, textOn, tooLong } from "./counting.js";
import { el, fill, icon } from "./draw.js";
import { Pictures, room } from "./pictures.js";
import { furtherOf, kitsOf, offerOf, pollOf, seenBy } from "./extras.js";
import { localOf, momentOf, soon, viewerZone, zones } from "./times.js";
import { number } from "./words.js";

const EMPTY_POLL = { options: ["", ""], lasts_s: 86_400, takes_many: false };

export class Writing {
  constructor(part, area, feed, drafts, tell) {
    Object.assign(this, { part, area, feed, drafts, tell, card: null, tab: null, replaced: null });
    this.pictures = new Pictures(tell);
    this.polls = new Map(); // by card: a poll that is not whole yet
    this.offers = new Map(); // by card: {local, zone}
    area.addEventListener("input", () => this.write(area.value));
    part("write").addEventListener("paste", (event) => this.take(event, event.clipboardData?.files));
    part("write").addEventListener("dragover", (event) => event.preventDefault());
    part("write").addEventListener("drop", (event) => this.take(event, event.dataTransfer?.files));
  }

  get channels() {
    return this.feed.setting.channels;
  }

  get draft() {
    return this.drafts.of(this.card);
  }

  // The channel whose text is shown: the tab, else the first one that it goes to.
  get channel() {
    const goes = chosen(this.draft, this.channels);
    return this.channels.find((one) => one.name === this.tab) ?? goes[0] ?? this.channels[0];
  }

  show(card) {
    if (this.card?.id !== card.id) Object.assign(this, { tab: null, replaced: null });
    this.card = card;
    const { draft, channel } = this;
    const text = textOn(draft, channel.name);
    if (this.area.value !== text) this.area.value = text;
    fill(this.part("tabs"), this.tabs(draft, channel));
    this.part("write").querySelector("label[for]").textContent = this.label(draft, channel);
    fill(this.part("count"), this.count(text, channel));
    fill(this.part("more"), this.more(draft));
    fill(this.part("kits"), kitsOf(card.kits, draft, channel, this.replaced !== null));
  }

  change(changes) {
    this.drafts.change(this.card, changes);
  }

  write(text) {
    const { draft, channel } = this;
    if (channel.name in draft.own) this.change({ own: { ...draft.own, [channel.name]: text } });
    else this.change({ text });
  }

  label(draft, channel) {
    if (channel.name in draft.own) return `Draft for ${channel.name} alone`;
    const goes = chosen(draft, this.channels);
    const sharing = goes.filter((one) => !(one.name in draft.own));
    if (sharing.length < 2) return `Draft for ${(sharing[0] ?? channel).name}`;
    return sharing.length === goes.length ? "Draft for all" : `Draft for ${sharing.length} channels`;
  }

  count(text, channel) {
    const { limit, limit_bytes: most } = channel;
    const kind = tooLong(text, channel) ? "span.over" : "span";
    // bytes are told where they run out before the letters do
    const isHeavy = most !== null && bytes(text) / most > counted(text, channel) / limit;
    const size = isHeavy ? ` · ${number(bytes(text))} of ${number(most)} bytes` : "";
    const saved = this.drafts.saved(this.card.id);
    return [el(kind, null, el("b", null, number(counted(text, channel))), ` of ${number(limit)}${size}`), el(saved === "NOT saved" ? "span.over" : "span", null, saved && ` · ${saved}`)];
  }

  tabs(draft, channel) {
    if (this.channels.length < 2) return [];
    const goes = chosen(draft, this.channels);
    const tab = (one) => {
      const isGoing = goes.includes(one);
      const long = isGoing && tooLong(textOn(draft, one.name), one);
      const sign = isGoing ? icon(long ? "warn" : "check", long ? "watch" : "ok") : null;
      const own = one.name in draft.own && el("span.second", null, " own text");
      return el("button", { type: "button", role: "tab", "data-act": "tab", "data-channel": one.name, "data-key": one.name, "aria-selected": `${one === channel}` }, sign, ` ${one.name}`, own);
    };
    const isGoing = goes.includes(channel);
    const isLast = isGoing && goes.length === 1;
    const box = (name, on, words, isOff = false) => el("label.tick", { "data-key": name }, el("input", { type: "checkbox", "data-in": name, "data-on": `${on}`, disabled: isOff }), words);
    const owned = channel.name in draft.own;
    return [
      el("div.tabs", { role: "tablist", "aria-label": "Channels", "data-key": "tabs" }, this.channels.map(tab)),
      el("div.line", { "data-key": "of" }, box("goes", isGoing, `Goes to ${channel.name}, ${channel.account}`, isLast), box("same", !owned, "Same text for all", !isGoing)),
    ];
  }

  more(draft) {
    const goes = chosen(draft, this.channels);
    const thread = Math.max(...goes.map((one) => one.thread), 1);
    const options = Math.max(...goes.map((one) => one.poll_options), 0);
    const poll = this.polls.get(this.card.id) ?? draft.poll;
    const offer = this.offer(draft);
    const add = (act, words, name) => el("button.quiet", { type: "button", "data-act": act, "data-key": act, "aria-label": name }, words);
    return [
      draft.more.map((text, at) => furtherOf(text, at, draft.more.length + 1, goes)),
      this.pictures.drawn(draft.pictures),
      poll && options > 0 && pollOf(poll, options),
      offer && offerOf(draft, offer, this.feed.setting.events),
      el(
        "div.line.adds", { "data-key": "adds" }, el("span.second", { "data-key": "add" }, "Add"),
        goes.some((one) => one.pictures > 0) && this.pictures.chooser(room(draft) <= 0),
        draft.more.length + 1 < thread && add("add-post", "Post", "Add another post"),
        options > 0 && !poll && add("add-poll", "Poll", "Add a poll"),
        seenBy(goes, draft.visibility),
        !offer && add("add-offer", "Offer…", "Offer ends at…"),
      ),
    ];
  }

  offer(draft) {
    const until = draft.offer_until && Date.parse(draft.offer_until);
    return this.offers.get(this.card.id) ?? (until ? { local: localOf(until, this.zone), zone: this.zone } : null);
  }

  get zone() {
    return zones(this.feed.setting.events)[0]?.zone ?? viewerZone();
  }

  fillKit(at) {
    const kit = this.card?.kits?.[at];
    if (!kit) return;
    const { draft } = this;
    if (draft.text.trim() && draft.kit !== kit.name) this.replaced = draft;
    const picture = /^[0-9a-f]{64}$/.test(kit.image ?? "") ? [{ id: kit.image, alt: kit.alt ?? "" }] : draft.pictures;
    this.change({ text: kit.text, own: { ...(kit.channels ?? {}) }, pictures: picture, kit: kit.name });
  }

  // Whether it was ours to press.
  press(act, { channel, at }) {
    const { draft } = this;
    const without = (list) => list.filter((_, place) => place !== Number(at));
    const poll = this.polls.get(this.card.id) ?? draft.poll ?? EMPTY_POLL;
    if (act === "tab") this.tab = channel;
    else if (act === "add-post") this.change({ more: [...draft.more, ""] });
    else if (act === "drop-post") this.change({ more: without(draft.more) });
    else if (act === "drop-picture") this.change({ pictures: without(draft.pictures) });
    else if (act === "add-poll") this.poll(EMPTY_POLL);
    else if (act === "add-option") this.poll({ ...poll, options: [...poll.options, ""] });
    else if (act === "drop-poll") this.poll(null);
    else if (act === "add-offer") this.offerIs({ local: localOf(soon(this.feed.boardMs), this.zone), zone: this.zone });
    else if (act === "drop-offer") this.offerIs(null);
    else if (act === "kit") this.fillKit(Number(at));
    else if (act === "unkit") {
      this.change(this.replaced);
      this.replaced = null;
    } else return false;
    return true;
  }

  // A field was typed into; whether it was ours.
  input(name, field) {
    const { draft, channel } = this;
    const [kind, at] = name.split("-");
    const put = (list, value) => list.map((one, place) => (place === Number(at) ? value : one));
    if (name === "goes") this.goes(channel, field.checked);
    else if (name === "same") this.own(channel, !field.checked);
    else if (kind === "more") this.change({ more: put(draft.more, field.value) });
    else if (kind === "alt") this.change({ pictures: draft.pictures.map((one, place) => (place === Number(at) ? { ...one, alt: field.value } : one)) });
    else if (name === "visibility") this.change({ visibility: field.value });
    else if (name === "files") {
      this.add(field.files);
      field.value = "";
    } else if (kind === "offer") this.offerIs({ ...this.offer(draft), [at]: field.value });
    else if (kind === "poll") {
      const poll = this.polls.get(this.card.id) ?? draft.poll;
      if (at === "lasts") this.poll({ ...poll, lasts_s: Number(field.value) });
      else if (at === "many") this.poll({ ...poll, takes_many: field.checked });
      else this.poll({ ...poll, options: put(poll.options, field.value) });
    } else return false;
    return true;
  }

  goes(channel, on) {
    const names = chosen(this.draft, this.channels).map((one) => one.name).filter((name) => name !== channel.name);
    const all = this.channels.map((one) => one.name).filter((name) => names.includes(name) || (on && name === channel.name));
    this.change({ channels: all.length === this.channels.length ? [] : all });
  }

  own(channel, isOwn) {
    const { [channel.name]: before, ...others } = this.draft.own;
    this.change({ own: isOwn ? { ...others, [channel.name]: before ?? this.draft.text } : others });
  }

  // A poll with fewer than two answers is shown here and not kept yet.
  poll(poll) {
    const options = poll?.options.map((one) => one.trim()).filter(Boolean) ?? [];
    if (poll) this.polls.set(this.card.id, poll);
    else this.polls.delete(this.card.id);
    this.change({ poll: options.length > 1 ? { ...poll, options } : null });
  }

  offerIs(offer) {
    if (offer) this.offers.set(this.card.id, offer);
    else this.offers.delete(this.card.id);
    const ms = offer && momentOf(offer.local, offer.zone);
    this.change({ offer_until: ms ? new Date(ms).toISOString() : null });
  }

  take(event, files) {
    if (!files?.length || !this.card) return;
    event.preventDefault();
    this.add(files);
  }

  add(files) {
    const { id } = this.card;
    this.pictures.add(files, room(this.draft), (picture) => {
      const card = this.feed.cards.get(id); // as it stands by now
      const now = card ? this.drafts.of(card).pictures : [];
      if (card && now.every((one) => one.id !== picture.id)) this.drafts.change(card, { pictures: [...now, picture] });
    });
  }
}
