import { Flags } from "@oclif/core";
import type { ClusterHost } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { absolutePath } from "../absolute-path.js";
import { repeatedOrListed } from "../definitions.js";
import { optional } from "../optional.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ClusterJoin extends TsdCommand {
  static override description =
    "Joins the hosts that share networks of driver overlay, and prints the name of this one. They meet in etcd; --local makes a cluster of this host alone, without etcd.";
  static override examples = [
    "<%= config.bin %> cluster join --etcd http://192.0.2.1:2379,http://192.0.2.2:2379,http://192.0.2.3:2379",
    "<%= config.bin %> cluster join --etcd https://etcd.example:2379 --ca ca.pem --cert host.pem --key host.key",
    "<%= config.bin %> cluster join --etcd http://192.0.2.1:2379 --name north --interface eth1",
    "<%= config.bin %> cluster join --local",
  ];
  static override flags = {
    etcd: Flags.string({
      description: "Members of etcd, with commas between or repeated.",
      helpValue: "URL",
      ...repeatedOrListed,
    }),
    local: Flags.boolean({ description: "Make a cluster of this host alone." }),
    ca: Flags.string({ description: "Authority that etcd's certificate is checked against.", helpValue: "FILE" }),
    cert: Flags.string({ description: "Certificate that this host shows to etcd.", helpValue: "FILE" }),
    key: Flags.string({ description: "Key of that certificate.", helpValue: "FILE" }),
    user: Flags.string({ description: "User of etcd.", helpValue: "NAME" }),
    "password-file": Flags.string({ description: "File with the password of that user.", helpValue: "FILE" }),
    cluster: Flags.string({
      description: "Which cluster of those in etcd; default unless said otherwise.",
      helpValue: "NAME",
    }),
    name: Flags.string({ description: "Name of this host; its hostname unless said otherwise.", helpValue: "NAME" }),
    address: Flags.string({
      description: "Address by which the other hosts reach this one; that of the way to etcd unless said otherwise.",
      helpValue: "IP",
    }),
    interface: Flags.string({ description: "Interface whose address that is.", helpValue: "NAME" }),
    ...changeFlags,
  };

  override async run(): Promise<ClusterHost> {
    const { flags } = await this.parse(ClusterJoin);
    if ((flags.etcd === undefined) !== flags.local) throw eitherOr();
    const path = (file: string | undefined) => (file === undefined ? undefined : absolutePath(file, this.surroundings));
    const spec = {
      ...optional("etcd", flags.etcd),
      ...optional("ca", path(flags.ca)),
      ...optional("cert", path(flags.cert)),
      ...optional("key", path(flags.key)),
      ...optional("user", flags.user),
      ...optional("passwordFile", path(flags["password-file"])),
      ...optional("cluster", flags.cluster),
      ...optional("name", flags.name),
      ...optional("address", flags.address),
      ...optional("interface", flags.interface),
    };
    const host = await this.withTsd((tsd) => tsd.cluster.join(spec));
    return this.show(host, `${host.name}\n`);
  }
}

function eitherOr(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CLUSTER_WHICH",
    message: "a cluster is in etcd, or of this host alone: one of --etcd and --local is needed",
    hint: "Name the members of etcd (tsd cluster join --etcd URL), or write tsd cluster join --local",
  });
}
