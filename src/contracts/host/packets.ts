import type { PortBinding, ProbeFact, SendSignal, Streams } from "../../api/index.js";

/** One packet to send. */
export interface ProbePacket {
  /** Path of the namespace to send from; absent for the caller's own. */
  readonly netns?: string;
  readonly protocol: PortBinding["protocol"] | "ping";
  readonly address: string;
  /** Absent for a ping. */
  readonly port?: number;
}

/** A program that captures packets. */
export interface PacketCapture {
  /** Absent for the caller's own. */
  readonly netns?: string;
  /** Name of an interface, or `any`. */
  readonly link: string;
  readonly args: readonly string[];
  readonly streams: Streams;
  readonly onStart: (send: SendSignal) => void;
}

/** Packets that are sent and seen for a user who asks. */
export interface Packets {
  /** Undefined in a dry run. Throws `not-found` for a namespace that is gone, `unsupported` for a protocol that the kernel lacks. */
  probe(packet: ProbePacket): Promise<ProbeFact | undefined>;
  /** Runs until the program ends, and returns its exit code. Throws `unsupported` where none is installed. */
  capture(capture: PacketCapture): Promise<number>;
}
