/**
 * Of src/plugins/end-loop.ts: the runtime has no inspector that could end a loop of the main thread, so the process ends. The
 * next command finishes or undoes its work, as after every kill.
 */
export const endLoop = `({ what, milliseconds }) => {
  const said = what + " did not finish within " + milliseconds / 1000 + " seconds, and is in a loop that ends with tsd alone";
  require("node:fs").writeSync(2, "tsd: " + said + "\\nhint: Report this to the author of the plug-in.\\n");
  process.kill(process.pid, "SIGKILL");
}`;
