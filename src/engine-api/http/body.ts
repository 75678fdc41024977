import type { Readable } from "node:stream";
import { type Field, parseDocument } from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { refusal } from "./refusal.js";

/** Bytes of a body that is JSON. docker's have a few thousand. */
const LARGEST = 4 << 20;
/** Milliseconds for it to arrive. */
const ARRIVAL = 30_000;

/**
 * A body that is JSON. None counts as an object without members. Throws 413 for a longer one than any client sends, 408 for one that
 * does not end, 400 for what is no JSON.
 */
export async function readJson(input: Readable, type: string | undefined): Promise<Field> {
  const text = await readText(input);
  if (text.trim() === "") return parse("{}");
  const media = (type ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (media !== "application/json")
    throw refusal(400, `unsupported Content-Type header (${media}): must be 'application/json'`);
  return parse(text);
}

/** Its readers throw `invalid-input`. */
function parse(text: string): Field {
  return parseDocument(text, "body", (message, path) => {
    return new TsdError({ kind: "invalid-input", code: "TSD_ENGINE_REQUEST", message, details: { path } });
  });
}

function readText(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => refuse(refusal(408, "the body of the request does not end")), ARRIVAL);
    const settle = (): void => {
      clearTimeout(timer);
      input.off("data", onData);
    };
    const refuse = (why: unknown): void => {
      settle();
      input.pause();
      reject(why);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > LARGEST) refuse(refusal(413, `the body of the request has more than ${LARGEST} bytes`));
      else chunks.push(chunk);
    };
    input.on("data", onData);
    input.once("end", () => {
      settle();
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
    input.once("error", refuse);
    input.once("close", () => refuse(refusal(400, "the request ended before its body")));
  });
}
