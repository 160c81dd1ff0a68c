// Begin: wait until the shell stands in the page, then draw the wall or the desk into it.
import { Feed } from "./socket.js";
import { startDesk } from "./desk.js";
import { startWall } from "./wall.js";

function start() {
  const wall = document.getElementById("wall");
  const desk = document.getElementById("desk");
  if (!wall && !desk) return false;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const feed = new Feed(`${scheme}//${location.host}/ws`, wall ? "wall" : "desk");
  if (wall) startWall(wall, feed);
  else startDesk(desk, feed);
  feed.open();
  return true;
}

if (!start()) {
  const watch = new MutationObserver(() => start() && watch.disconnect());
  watch.observe(document.body, { childList: true, subtree: true });
}
