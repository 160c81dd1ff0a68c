// The feed: one websocket for ever, folded into one state. It gives up never, and trusts silence never.
const SILENT_MS = 3500; // ticks come every second: so much silence is not a hiccup
const DEAF_MS = 8000; // a socket that is open but silent so long is torn down
const OPENING_MS = 5000;
const FIRST_MS = 500;
const MOST_MS = 5000;
const SWITCHED_OFF = 4401; // the server's close code when the session has ended
const LOST_TICKS = 4; // ticks that know of a later change than we do, until we ask for all anew

const now = () => performance.now();

export class Feed {
  constructor(url, screen) {
    this.url = url;
    this.screen = screen; // only the desk is told what is rude
    this.listeners = [];
    this.cards = new Map();
    this.setting = this.tick = this.epoch = null;
    this.seq = 0;
    this.heardAt = null; // any message
    this.movedAt = null; // a tick whose time went on
    this.isOpen = this.isLoggedOut = false;
    this.socket = null;
    this.tries = this.ahead = 0;
    this.nextAt = null;
    this.openedAt = 0;
  }

  open() {
    setInterval(() => this.watch(), 250);
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => document.hidden || this.retry());
    this.connect();
  }

  // What is wrong with the board: null, "disconnected" or "stale"; and for how many seconds.
  get gone() {
    const moved = this.movedAt ?? null;
    if (moved === null) return null;
    const silent = now() - this.heardAt > SILENT_MS;
    if (silent) return this.isOpen ? "stale" : "disconnected";
    return this.tick.speed > 0 && now() - moved > SILENT_MS ? "stale" : null;
  }

  get goneS() {
    return Math.floor((now() - Math.min(this.heardAt, this.movedAt)) / 1000);
  }

  get nextS() {
    return this.nextAt === null ? null : Math.max(0, Math.ceil((this.nextAt - now()) / 1000));
  }

  // The board's own time in Unix milliseconds; it stands still when the board does.
  get boardMs() {
    if (!this.tick) return null;
    const since = this.gone ? 0 : Math.min(now() - this.movedAt, SILENT_MS);
    return this.tick.at_ms + since * this.tick.speed;
  }

  put(card) {
    const old = this.cards.get(card.id);
    if (old && old.rev > card.rev) return;
    this.cards.set(card.id, card);
    this.tell();
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  connect(resume = true) {
    this.drop();
    const from = resume && this.epoch ? `&epoch=${encodeURIComponent(this.epoch)}&seq=${this.seq}` : "";
    const socket = new WebSocket(`${this.url}?screen=${this.screen}${from}`);
    this.socket = socket;
    this.nextAt = null;
    this.openedAt = now();
    socket.onopen = () => {
      this.isOpen = true;
      this.isLoggedOut = false;
      this.openedAt = now();
    };
    socket.onmessage = (event) => this.hear(event.data);
    socket.onclose = (event) => {
      if (event.code === SWITCHED_OFF) this.isLoggedOut = true;
      this.later();
    };
  }

  // A frozen server never answers a closing handshake, so the old socket is left behind, not awaited.
  drop() {
    const old = this.socket;
    this.socket = null;
    this.isOpen = false;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  later() {
    const never = !this.isOpen;
    this.drop();
    const longest = Math.min(MOST_MS, FIRST_MS * 2 ** this.tries);
    this.tries = Math.min(this.tries + 1, 10);
    this.nextAt = now() + longest * (0.5 + Math.random() / 2);
    if (never) this.ask();
    this.tell();
  }

  // A refused socket does not say why; the API does.
  async ask() {
    try {
      const answer = await fetch("/api/me", { cache: "no-store", signal: AbortSignal.timeout(4000) });
      this.isLoggedOut = answer.status === 401 || answer.redirected;
    } catch {
      this.isLoggedOut = false;
    }
    this.tell();
  }

  retry() {
    if (this.socket === null) this.connect();
  }

  watch() {
    if (this.socket === null) {
      if (this.nextAt !== null && now() >= this.nextAt) this.connect();
    } else if (!this.isOpen) {
      if (now() - this.openedAt > OPENING_MS) this.later();
    } else if (now() - Math.max(this.openedAt, this.heardAt ?? 0) > DEAF_MS) {
      this.later();
    }
  }

  hear(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      this.connect(false);
      return;
    }
    this.heardAt = now();
    this.tries = 0;
    if (message.kind === "snapshot") this.begin(message);
    else if (message.epoch !== this.epoch) this.connect(false);
    else if (message.kind === "delta") this.change(message);
    else if (message.kind === "tick") this.beat(message);
    this.tell();
  }

  begin(snapshot) {
    if (snapshot.epoch !== this.epoch) this.tick = this.movedAt = null;
    this.epoch = snapshot.epoch;
    this.seq = snapshot.seq;
    this.setting = snapshot.setting;
    this.cards = new Map(snapshot.cards.map((card) => [card.id, card]));
    this.ahead = 0;
  }

  change(delta) {
    if (delta.seq <= this.seq) return; // told twice
    if (delta.seq !== this.seq + 1) {
      this.connect(false);
      return;
    }
    this.seq = delta.seq;
    for (const card of delta.upsert) {
      if ((this.cards.get(card.id)?.rev ?? 0) <= card.rev) this.cards.set(card.id, card);
    }
    for (const id of delta.remove) this.cards.delete(id);
  }

  beat(tick) {
    const moved = !this.tick || tick.at_ms > this.tick.at_ms || tick.speed === 0;
    if (moved || this.tick.speed === 0) this.movedAt = now();
    this.tick = tick;
    this.ahead = tick.seq > this.seq ? this.ahead + 1 : 0;
    if (this.ahead >= LOST_TICKS) {
      this.ahead = 0;
      this.connect(false);
    }
  }
}
