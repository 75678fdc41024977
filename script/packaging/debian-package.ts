import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";

/** Of what is installed with a package, and what it says of itself; see deb-control(5). */
export interface DebianPackage {
  readonly version: string;
  /** As dpkg names processors. */
  readonly architecture: string;
  readonly description: string;
}

/** Makes a .deb of the tree, in which `usr` lies, by dpkg-deb(1). */
export function writeDebianPackage(tree: string, about: DebianPackage, file: string): void {
  mkdirSync(`${tree}/DEBIAN`);
  writeFileSync(`${tree}/DEBIAN/control`, control(about));
  cpSync(`${import.meta.dirname}/debian`, `${tree}/DEBIAN`, { recursive: true });
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, file], { stdio: ["ignore", "ignore", "inherit"] });
}

function control({ version, architecture, description }: DebianPackage): string {
  return `Package: tsd
Version: ${version}
Architecture: ${architecture}
Section: admin
Priority: optional
Maintainer: tsd <tsd@localhost>
Depends: libc6 (>= 2.17), nftables, crun | runc, conmon, iproute2
Recommends: etcd-client, skopeo, tini, tcpdump
Suggests: iptables, npm
Description: ${description}
 tsd runs containers and gives them their network, as a command line with
 docker's names, without a daemon. This package needs no Node.js.
`;
}
