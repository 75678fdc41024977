import { afterAll, beforeAll } from "@jest/globals";
import { IptablesBackend } from "../../src/nat/iptables/iptables-backend.js";
import { IptablesProgram } from "../../src/nat/iptables/iptables-program.js";
import { KernelTables } from "../../src/nat/nftables/kernel-tables.js";
import { NetlinkTransport } from "../../src/nat/nftables/netlink-transport.js";
import { NftProgram } from "../../src/nat/nftables/nft-program.js";
import { NftablesBackend } from "../../src/nat/nftables/nftables-backend.js";
import { StaleFlows } from "../../src/nat/stale-flows.js";
import { backendMatrix } from "../../src/testing/backend/matrix.js";
import { describeGuard } from "../kernel/nat/guard-contract.js";
import { enterPrivateHost, leavePrivateHost, run } from "../kernel/nat/private-host.js";
import { describeChapters } from "../support/kit/describe-chapters.js";

beforeAll(enterPrivateHost);
afterAll(() => {
  run("nft", "flush", "ruleset");
  leavePrivateHost();
});

const mark = "0123456789abcdef";
const flows = new StaleFlows();
const nftables = (): NftablesBackend =>
  new NftablesBackend({
    ...{ transport: new NetlinkTransport(), nft: new NftProgram(), tables: new KernelTables() },
    ...{ flows, mark },
  });

describeChapters("nftables", [backendMatrix({ make: nftables })]);
describeGuard("nftables", nftables);
for (const variant of ["nft", "legacy"] as const)
  describeChapters(`iptables-${variant}`, [
    backendMatrix({ make: () => new IptablesBackend(new IptablesProgram(variant), flows, mark) }),
  ]);
