import { Flags } from "@oclif/core";
import type { SendSignal } from "../api/index.js";
import { argument, remainingArguments } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Capture extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Captures packets in a container's network namespace by the host's tcpdump, or its tshark or dumpcap, until Ctrl-C or until the container ends. What follows the name are that program's own arguments.";
  static override examples = [
    "<%= config.bin %> capture web",
    "<%= config.bin %> capture --network backend web -n port 5432",
    "<%= config.bin %> capture web -w packets.pcap",
    "<%= config.bin %> capture web -w - | wireshark -k -i -",
  ];
  static override usage = "capture [FLAGS] CONTAINER [ARGUMENTS...]";
  static override strict = false;
  static override args = {
    container: argument("Name or id of a container; or a namespace: netns:NAME, netns:/PATH, pid:NUMBER."),
    arguments: remainingArguments("Arguments of tcpdump, tshark or dumpcap."),
  };
  static override flags = {
    network: Flags.string({
      aliases: ["net"],
      description: "Capture on the interface of that network; all interfaces unless there is only one.",
      helpValue: "NETWORK",
    }),
    ...changeFlags,
  };

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Capture);
    let stopListening = (): void => {};
    const onStart = (send: SendSignal): void => {
      stopListening = this.surroundings.onSignal(send);
    };
    const options = {
      ...(flags.network === undefined ? {} : { network: flags.network }),
      args: args.arguments ?? [],
      streams: this.surroundings.streams(),
      onStart,
    };
    try {
      return this.exitWith(await this.withTsd((tsd) => tsd.system.capture(args.container, options)));
    } finally {
      stopListening();
    }
  }
}
