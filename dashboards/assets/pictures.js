// Pictures of a draft: dropped, pasted or chosen, sent to the server, each with its words.
import { el, icon } from "./draw.js";

const MOST = 4;
const LONGEST = 1500; // letters of an alt text
const PATIENCE_MS = 60_000; // a picture over a phone's line
const KINDS = "image/jpeg,image/png,image/webp,image/gif";

export class Pictures {
  constructor(tell) {
    Object.assign(this, { tell, sending: 0, error: "" });
  }

  // Send files to the server; `keep` is told of each picture that it took.
  async add(files, room, keep) {
    const pictures = [...files].filter((file) => file.type.startsWith("image/"));
    this.error = pictures.length > room ? `At most ${MOST} pictures.` : "";
    for (const file of pictures.slice(0, room)) {
      this.sending += 1;
      this.tell();
      const answer = await upload(file);
      this.sending -= 1;
      if (answer.id) keep({ id: answer.id, alt: "" });
      else this.error = `${file.name || "The picture"}: ${answer.error}`;
      this.tell();
    }
  }

  drawn(pictures) {
    const lines = pictures.map(({ id, alt }, at) => {
      const name = `Alt text of picture ${at + 1}`;
      return el(
        "li", { "data-key": id },
        el("div.thumb", null, el("img", { src: `/api/pictures/${encodeURIComponent(id)}`, alt: "" }), el("button.drop", { type: "button", "data-act": "drop-picture", "data-at": `${at}`, "aria-label": `Remove picture ${at + 1}` }, icon("cross"))),
        el("textarea", { rows: "2", maxlength: `${LONGEST}`, required: true, "data-in": `alt-${at}`, "data-value": alt, "aria-label": name, "aria-invalid": `${!alt.trim()}`, placeholder: "Alt text: what does the picture show?", dir: "auto" }),
      );
    });
    const sending = this.sending > 0 && el("p.second", { "data-key": "sending", role: "status" }, "Sending the picture.");
    const error = this.error && el("p.told", { "data-key": "error", role: "alert" }, this.error);
    return [lines.length > 0 && el("ul.pictures-in", { "data-key": "pictures" }, lines), sending, error];
  }

  // The button that opens the device's own choice.
  chooser(isFull) {
    const input = el("input.unseen", { type: "file", accept: KINDS, multiple: true, "data-in": "files", "aria-label": "Add a picture", disabled: isFull });
    return el("label.button.quiet", { "data-key": "add-picture" }, input, "Picture");
  }
}

export const room = (draft) => MOST - draft.pictures.length;

async function upload(file) {
  try {
    const answer = await fetch("/api/pictures", { method: "POST", body: file, headers: { "Content-Type": file.type }, signal: AbortSignal.timeout(PATIENCE_MS) });
    const told = await answer.json().catch(() => ({}));
    return answer.ok && told.id ? told : { error: told.error ?? `The server answered ${answer.status}.` };
  } catch {
    return { error: "No answer; try again." };
  }
}
