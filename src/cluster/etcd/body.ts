import type { IncomingMessage } from "node:http";
import { MemberFault, memberFault } from "./failures.js";

/** Bytes of one reply, and of one line of a watch. A page of records has some hundred thousand. */
const LONGEST_REPLY = 32 << 20;

/** The whole body of a reply. Throws a {@link MemberFault} for one that is too long, breaks off, or takes longer than `patience` milliseconds. */
export async function readBody(message: IncomingMessage, patience: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  let fault: MemberFault | undefined;
  const stop = (why: string) => {
    fault = new MemberFault(why);
    message.destroy(fault);
  };
  const timer = setTimeout(() => stop(`its reply is not whole within ${patience / 1000} seconds`), patience);
  try {
    for await (const chunk of message) {
      size += (chunk as Buffer).length;
      if (size > LONGEST_REPLY) stop(`it sends more than ${LONGEST_REPLY} bytes at once`);
      else chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw fault ?? memberFault(error);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Lines of a reply that goes on and on. Ends with a {@link MemberFault}, or where `message` is destroyed by its signal. */
export async function* readLines(message: IncomingMessage): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      let left = chunk as Buffer;
      for (let end = left.indexOf(10); end >= 0; end = left.indexOf(10)) {
        yield Buffer.concat([...rest, left.subarray(0, end)]).toString("utf8");
        rest = [];
        size = 0;
        left = left.subarray(end + 1);
      }
      size += left.length;
      if (size > LONGEST_REPLY) throw new MemberFault(`it sends more than ${LONGEST_REPLY} bytes in one line`);
      if (left.length > 0) rest.push(left);
    }
    // The gateway writes no end of a line after an error.
    if (size > 0) yield Buffer.concat(rest).toString("utf8");
  } catch (error) {
    throw error instanceof MemberFault ? error : memberFault(error);
  } finally {
    message.destroy();
  }
}
