import { member, parseDocument, readWord } from "../../contracts/json-field.js";
import { readBody } from "./body.js";
import type { Connections } from "./exchange.js";
import { type MemberFault, notEtcd } from "./failures.js";

/** The first version whose gateway has its paths below `/v3`: before, they began with `/v3beta`. */
const FIRST = [3, 4] as const;

/** Why a member does not have the gateway's paths: it is too old, or what `otherwise` says. */
export async function explainMissing(
  connections: Connections,
  { origin, patience }: { readonly origin: string; readonly patience: number },
  otherwise: MemberFault,
): Promise<MemberFault> {
  try {
    const { message } = await connections.send(origin, { path: "/version", reads: true, patience });
    const body = await readBody(message, patience);
    const reply = parseDocument(body, "its reply", () => otherwise);
    const version = readWord(member(reply, "etcdserver"), "a version", (word) => /^\d+\.\d+[\w.+-]{0,40}$/.test(word));
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isOld = major < FIRST[0] || (major === FIRST[0] && minor < FIRST[1]);
    return isOld
      ? notEtcd(`it is etcd ${version}, and tsd needs ${FIRST.join(".")} or newer`, "Upgrade etcd.")
      : otherwise;
  } catch {
    return otherwise;
  }
}
