// Actions: a step is sent under one key however often it is tried, one after another.
const TRIES = 3;
const ANSWER_MS = 6000;

// Not crypto.randomUUID: that one is missing where a screen speaks plain http to its server.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Actions {
  constructor(feed) {
    this.feed = feed;
    this.line = Promise.resolve();
  }

  // The answer as {status, card, told, rule, error}; status 0 when nobody answered. `wish` is what
  // the step needs: a text, a draft, a channel, a time.
  // `rev` is what the person looked at: the work as it stands, unless told otherwise.
  take(id, step, wish = {}, rev = this.feed.cards.get(id)?.work_rev ?? 0) {
    const done = this.line.then(() => this.send(id, step, wish, rev));
    this.line = done.catch(() => null);
    return done;
  }

  async send(id, step, wish, rev) {
    const body = JSON.stringify({ work_rev: rev, ...wish });
    const heed = (answer) => answer.card && this.feed.put(answer.card);
    return insist(`/api/cards/${encodeURIComponent(id)}/${step}`, body, newKey(), heed);
  }
}

// Post under one key until the server says yes or no; `heed` is told of each answer.
export async function insist(address, body, key, heed = () => {}) {
  let answer;
  for (let left = TRIES; left > 0; left -= 1) {
    answer = await post(address, body, { "Idempotency-Key": key });
    heed(answer);
    if (answer.status !== 0 && answer.status < 500) return answer;
  }
  return { ...answer, error: answer.error ?? "No answer. Look whether it was taken, then try again." };
}

export async function post(address, body, headers = {}, ms = ANSWER_MS) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
      signal: AbortSignal.timeout(ms),
    });
    const told = await answer.json().catch(() => ({}));
    const { card, rule } = told;
    if (answer.ok) return { status: answer.status, card, told };
    return { status: answer.status, card, told, rule, error: told.error ?? `The server answered ${answer.status}.` };
  } catch {
    return { status: 0 };
  }
}

// What the server says, or null where it says nothing.
export async function get(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
