import { Agent, type IncomingMessage, request } from "node:http";

/** A put or a removal of one key. */
export interface Operation {
  readonly key: string;
  /** Absent: the key goes. */
  readonly value?: string;
}

const encode = (text: string): string => Buffer.from(text).toString("base64");
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Asks etcd's JSON gateway; the response is left to the caller. */
function ask(url: string, path: string, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v3/${path}`, { method: "POST", agent }, resolve);
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

/** Does all of it or none; etcd takes 128 operations. */
export async function commit(url: string, operations: readonly Operation[]): Promise<void> {
  const success = operations.map(({ key, value }) =>
    value === undefined
      ? { requestDeleteRange: { key: encode(key) } }
      : { requestPut: { key: encode(key), value: encode(value) } },
  );
  const response = await ask(url, "kv/txn", { success });
  const text = (await response.toArray()).join("");
  if (response.statusCode !== 200) throw new Error(`etcd refused ${operations.length} operations: ${text}`);
}

/** Calls `seen` with each change below a prefix from now on; resolves once the watch stands. */
export async function watch(url: string, prefix: string, seen: () => void): Promise<{ close(): void }> {
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const response = await ask(url, "watch", { create_request: { key: encode(prefix), range_end: encode(end) } });
  response.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    response.once("data", () => {
      resolve();
      response.on("data", seen);
    });
  });
  return { close: () => void response.destroy() };
}
