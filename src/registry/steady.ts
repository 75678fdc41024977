import type { IncomingMessage } from "node:http";
import { connectionFault } from "../errors/connection-fault.js";
import { unreachable } from "./failures.js";
import type { Timing } from "./timing.js";

/** The body of a reply. Throws `runtime` where it breaks off, stalls or comes so slowly that it never ends. */
export async function* steady(message: IncomingMessage, host: string, timing: Timing): AsyncGenerator<Buffer> {
  let stalled: string | undefined;
  let inWindow = 0;
  const stop = (why: string) => {
    stalled = why;
    message.destroy(new Error(why));
  };
  const idle = () => setTimeout(() => stop(`it sent nothing for ${timing.idle / 1000} seconds`), timing.idle);
  const window = setInterval(() => {
    if (inWindow < timing.least) stop(`it sent ${inWindow} bytes in ${timing.window / 1000} seconds`);
    inWindow = 0;
  }, timing.window);
  let timer = idle();
  try {
    for await (const chunk of message) {
      clearTimeout(timer);
      // The time that the reader takes is not the registry's.
      inWindow += (chunk as Buffer).length;
      const begun = Date.now();
      yield chunk as Buffer;
      if (Date.now() - begun > timing.window / 2) inWindow = Math.max(inWindow, timing.least);
      timer = idle();
    }
  } catch (error) {
    throw unreachable(host, stalled ?? connectionFault(error), error);
  } finally {
    clearTimeout(timer);
    clearInterval(window);
    message.destroy();
  }
}
