import { quoted } from "../../errors/connection-fault.js";
import { EtcdRefusal, MemberFault, notEtcd } from "./failures.js";

/** Codes of gRPC (google.golang.org/grpc/codes). */
export const grpc = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  outOfRange: 11,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What a reply that is not 200 means: a {@link MemberFault} where another member may do it, else an {@link EtcdRefusal}. */
export function refusalOf(status: number, text: string): MemberFault | EtcdRefusal {
  if (/HTTP request to an HTTPS server/.test(text)) return notEtcd("it speaks TLS", "Write https:// in its URL.");
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return notEtcd(`its reply is HTTP ${status} and no JSON: ${quoted(text.trim())}`);
  }
  return refusalIn(reply) ?? notEtcd(`its reply is HTTP ${status} without an error of etcd`);
}

/** The error that a reply or a line of a watch has: `{error, code, message}` or `{error: {grpc_code, message}}`. */
export function refusalIn(reply: unknown): MemberFault | EtcdRefusal | undefined {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return undefined;
  const inner = typeof reply.error === "object" ? reply.error : reply;
  const { code, grpc_code, message } = inner as Readonly<Record<string, unknown>>;
  const number = code ?? grpc_code;
  if (typeof number !== "number" || typeof message !== "string") return undefined;
  // etcd 3.4 has no code of gRPC for a request that waited for a quorum in vain.
  if (number === grpc.unavailable || /context (deadline exceeded|canceled)/.test(message))
    return new MemberFault(`it replies "${quoted(message)}"`, { passes: true });
  return new EtcdRefusal(number, message);
}
