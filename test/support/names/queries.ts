import { type Answer, DNSSEC_OK, encode, RECURSION_DESIRED } from "dns-packet";

export interface Asked {
  readonly name: string;
  readonly type?: string;
  readonly class?: string;
  readonly id?: number;
  readonly flags?: number;
  /** With OPT: the largest datagram. */
  readonly size?: number;
  readonly dnssecOk?: boolean;
}

/** A message that asks, made by dns-packet. */
export function queryOf({ name, type = "A", id = 4711, flags = RECURSION_DESIRED, ...rest }: Asked): Buffer {
  const opt: Answer = {
    name: ".",
    type: "OPT",
    udpPayloadSize: rest.size ?? 0,
    flags: rest.dnssecOk ? DNSSEC_OK : 0,
    options: [],
  };
  return encode({
    type: "query",
    id,
    flags,
    questions: [{ name, type, ...(rest.class === undefined ? {} : { class: rest.class }) }],
    additionals: rest.size === undefined ? [] : [opt],
  });
}
