// Actions: a step is sent under one key however often it is tried, one after another.
const TRIES = 3;
const ANSWER_MS = 6000;

// Not crypto.randomUUID: that one is missing where a screen speaks plain http to its server.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Actions {
  constructor(feed) {
    this.feed = feed;
    this.line = Promise.resolve();
  }

  // The answer as {status, card, error}; status 0 when nobody answered.
  // `rev` is what the person looked at: the work as it stands, unless told otherwise.
  take(id, step, text = "", rev = this.feed.cards.get(id)?.work_rev ?? 0) {
    const done = this.line.then(() => this.send(id, step, text, rev));
    this.line = done.catch(() => null);
    return done;
  }

  async send(id, step, text, rev) {
    const key = newKey();
    const body = JSON.stringify({ work_rev: rev, text });
    for (let left = TRIES; left > 0; left -= 1) {
      const answer = await post(`/api/cards/${encodeURIComponent(id)}/${step}`, body, { "Idempotency-Key": key });
      if (answer.card) this.feed.put(answer.card);
      if (answer.status !== 0 && answer.status < 500) return answer;
      if (left === 1) return { ...answer, error: answer.error ?? "No answer. Look whether it was taken, then try again." };
    }
    return null;
  }
}

export async function post(address, body, headers = {}) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return { status: answer.status, card: told.card };
    return { status: answer.status, card: told.card, error: told.error ?? `The server answered ${answer.status}.` };
  } catch {
    return { status: 0 };
  }
}

export async function whoAmI() {
  try {
    const answer = await fetch("/api/me", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
